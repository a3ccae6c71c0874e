import { describe, expect, it } from 'vitest';
import { algorithm } from './registry/registry.ts';
import { knownAnswerTests, runSelfTests } from './self-test.ts';
import { answers } from './self-test-answers.ts';

describe('self-tests', () => {
  it('CRY-10: all pass; how long they took is printed', async () => {
    const report = await runSelfTests();
    expect(report.tests.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.ok).toBe(true);
    console.log(`[self-tests] ${report.tests.length} in ${report.durationMs.toFixed(1)} ms`);
  });

  it('CRY-9: each names an algorithm that the registry calls offered', () => {
    for (const test of knownAnswerTests()) expect(algorithm(test.algorithm).implementation).not.toBe('not-offered');
  });

  // A wrong answer must fail its own test and no other: else the comparison is not made.
  it.each([
    ['SHA-256', { sha256: '00'.repeat(32) }],
    ['SHA3-256', { sha3: '00'.repeat(32) }],
    ['HMAC-SHA256', { hmac: '00'.repeat(32) }],
    ['SHA-384', { sha384: '00'.repeat(48) }],
    ['HMAC-SHA384', { hmac384: '00'.repeat(48) }],
    ['FLOE-AES-256-GCM-SHA-384', { floe: { ...answers.floe, plaintext: '00' } }],
    ['FLOE-AES-256-GCM-SHA-384', { floe: { ...answers.floe, aad: 'This is no AAD' } }],
    ['HKDF-SHA256', { hkdf: '00'.repeat(42) }],
    ['AES-256-GCM', { gcm: { ...answers.gcm, sealed: answers.gcm.sealed.replace('522d', '522e') } }],
    ['AES-256-GCM-SIV', { gcmSiv: { ...answers.gcmSiv, sealed: answers.gcmSiv.sealed.replace('c0fd', 'c0fe') } }],
    ['AES-256-KW', { keyWrap: { ...answers.keyWrap, wrapped: answers.keyWrapPadded.wrapped } }],
    ['AES-256-KWP', { keyWrapPadded: { ...answers.keyWrapPadded, wrapped: answers.keyWrap.wrapped } }],
    ['AES-256-SIV', { siv: { ...answers.siv, aad: '00' } }],
    ['FF1', { ff1: 'xs8a0azh2avyalyzuwe' }],
    ['Shamir-GF256', { shares: answers.shares.map((share) => share.replace(/^../, '00')) }],
    ['HMAC-SHA512', { hmac512: '00'.repeat(64) }],
    ['HKDF-SHA512', { hkdf512: '00'.repeat(42) }],
    ['KMAC256', { kmac: '00'.repeat(64) }],
    ['scrypt', { scrypt: '00'.repeat(64) }],
    ['PBKDF2', { pbkdf2: '00'.repeat(64) }],
    ['ChaCha20-Poly1305', { chacha20: { ...answers.chacha20, aad: '00' } }],
    ['Ed25519', { ed25519: { ...answers.ed25519, publicKey: '00'.repeat(32) } }],
    ['Ed25519', { ed25519: { ...answers.ed25519, signature: '00'.repeat(64) } }],
    ['ML-DSA-44', { mldsa: { ...answers.mldsa, publicKeySha256: '00'.repeat(32) } }],
    ['ML-DSA-44', { mldsaSignature: answers.mldsaSignature.replace(/^.{8}/, 'AAAAAAAA') }],
    ['ECDSA-P256-SHA256', { ecdsa: { ...answers.ecdsa, signature: answers.ecdsa.signature.replace('efd4', 'efd5') } }],
    ['ML-DSA-65', { mldsa65PublicKeySha256: '00'.repeat(32) }],
    ['ML-DSA-87', { mldsa87PublicKeySha256: '00'.repeat(32) }],
    [
      'ECDSA-P384-SHA384',
      { ecdsa384: { ...answers.ecdsa384, signature: answers.ecdsa384.signature.replace('94ed', '94ee') } },
    ],
    ['X-Wing', { xwing: { ...answers.xwing, sharedSecret: '00'.repeat(32) } }],
    ['X-Wing', { xwing: { ...answers.xwing, publicKeySha256: '00'.repeat(32) } }],
    [
      'HPKE-X-WING-HKDF-SHA256-AES-256-GCM',
      { hpke: { ...answers.hpke, ciphertext: answers.hpke.ciphertext.replace(/^../, '00') } },
    ],
    ['HPKE-X-WING-HKDF-SHA256-AES-256-GCM', { hpke: { ...answers.hpke, plaintext: 'other' } }],
    ['HPKE-ML-KEM-1024-HKDF-SHA384-AES-256-GCM', { mlkem1024: { ...answers.mlkem1024, plaintext: '00'.repeat(32) } }],
    ['HPKE-ML-KEM-1024-HKDF-SHA384-AES-256-GCM', { mlkem1024: { ...answers.mlkem1024, aad: '00' } }],
    ['HPKE-MLKEM1024-P384-HKDF-SHA384-AES-256-GCM', { mlkem1024P384: { ...answers.mlkem1024P384, aad: '00' } }],
    [
      'ECDSA-P521-SHA512',
      { ecdsa521: { ...answers.ecdsa521, signature: answers.ecdsa521.signature.replace('c3', 'c4') } },
    ],
    ['RSA-PSS-SHA256', { rsa: { ...answers.rsa, pss: answers.rsa.pkcs1 } }],
    ['RSA-PKCS1-SHA256', { rsa: { ...answers.rsa, pkcs1: answers.rsa.pss } }],
    [
      'MLDSA65-Ed25519-SHA512',
      { compositeEd25519: { ...answers.compositeEd25519, publicKeySha256: answers.compositeP256.publicKeySha256 } },
    ],
    [
      'MLDSA44-ECDSA-P256-SHA256',
      {
        compositeP256: {
          ...answers.compositeP256,
          signature: answers.compositeP256.signature.replace(/^.{8}/, 'AAAAAAAA'),
        },
      },
    ],
    ['SLH-DSA-SHA2-128s', { slhDsaSha2: { ...answers.slhDsaSha2, context: '00' } }],
    ['SLH-DSA-SHAKE-128s', { slhDsaShake: { ...answers.slhDsaShake, context: '' } }],
    ['Argon2id', { argon2id: '00'.repeat(32) }],
  ])('a wrong answer for %s is noticed', async (failing, wrong) => {
    const report = await runSelfTests(knownAnswerTests({ ...answers, ...wrong }));
    expect(report.ok).toBe(false);
    expect(report.tests.filter(({ ok }) => !ok).map((test) => test.algorithm)).toEqual([failing]);
  });

  it('a test that throws or rejects has failed; an empty list proves nothing', async () => {
    const report = await runSelfTests([
      {
        algorithm: 'throws',
        run: () => {
          throw new Error('broken');
        },
      },
      { algorithm: 'rejects', run: () => Promise.reject(new Error('broken')) },
      { algorithm: 'passes', run: () => true },
    ]);
    expect(report.tests.map(({ ok }) => ok)).toEqual([false, false, true]);
    expect(report.ok).toBe(false);
    expect((await runSelfTests([])).ok).toBe(false);
  });
});
