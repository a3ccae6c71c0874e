import { describe, expect, it } from 'vitest';
import { agreementPublicKey, agreeOnSecret } from '../key-agreement.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import { generateRecipient, hpkeOpen, hpkeSeal, importRecipient } from './hpke.ts';
import { generateKemKey, kemEncapsulateTo } from './kems.ts';
import { findHpkeSuite, hpkeSuite, hpkeSuiteCategory5Chacha, hpkeSuiteChacha, hpkeSuites } from './suites.ts';

const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const utf8 = new TextEncoder();
const [info, aad, plaintext] = [utf8.encode('info'), utf8.encode('aad'), utf8.encode('a data key of 32 bytes')];
const failed = expect.objectContaining({ code: 'CRYPTO_AUTHENTICATION_FAILED' });
const keyInvalid = expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' });

it('trap: the KEM of a curve is the DHKEM of RFC 9180 and not raw Diffie-Hellman', () => {
  const { seed: privateKey, key } = generateKemKey('DHKEM-X25519-HKDF-SHA256');
  const { enc } = kemEncapsulateTo('DHKEM-X25519-HKDF-SHA256', key.publicKey);
  const raw = agreeOnSecret({ algorithm: 'x25519', privateKey, peer: enc });
  expect(raw.length).toBe(32);
  expect(key.decapsulate(enc).equals(raw)).toBe(false);
});

it('RFC 9180 appendix A.2.1: X25519 with HKDF-SHA-256 and ChaCha20-Poly1305', () => {
  const privateKey = SecretBytes.take(fromHex('8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb'));
  const suite = 'HPKE-DHKEM-X25519-HKDF-SHA256-CHACHA20-POLY1305';
  const opened = hpkeOpen({
    suite,
    privateKey,
    enc: fromHex('1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a'),
    info: fromHex('4f6465206f6e2061204772656369616e2055726e'),
    aad: fromHex('436f756e742d30'),
    ciphertext: fromHex('1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28'),
  });
  expect(new TextDecoder().decode(opened)).toBe('Beauty is truth, truth beauty');
});

describe.each([hpkeSuiteChacha, hpkeSuiteCategory5Chacha])('ENV-4: %s', (suite) => {
  const { publicKey, privateKey } = generateRecipient(suite);
  const sealed = hpkeSeal({ suite, publicKey, info, aad, plaintext });

  it('opens what was sealed, and nothing that was changed', () => {
    expect(hpkeOpen({ ...sealed, privateKey, info, aad })).toEqual(plaintext);
    const key = importRecipient(privateKey, suite);
    for (const at of sealed.ciphertext.keys()) {
      const ciphertext = sealed.ciphertext.with(at, (sealed.ciphertext[at] ?? 0) ^ 1);
      expect(() => key.open({ ...sealed, ciphertext, info, aad })).toThrow(failed);
    }
    for (let at = 0; at < sealed.enc.length; at += 97) {
      const enc = sealed.enc.with(at, (sealed.enc[at] ?? 0) ^ 1);
      expect(() => key.open({ ...sealed, enc, info, aad })).toThrow(failed);
    }
  });

  it('CRY-4: the AEAD is part of what is bound: the same bytes open under no other suite', () => {
    const other = suite.replace('CHACHA20-POLY1305', 'AES-256-GCM');
    expect(() => hpkeOpen({ ...sealed, suite: other, privateKey, info, aad })).toThrow(failed);
    expect(() => hpkeOpen({ ...sealed, suite: suite.replace(/SHA\d+/, 'SHA512'), privateKey, info, aad })).toThrow(
      failed,
    );
  });
});

const kemIds = [0x10, 0x11, 0x12, 0x20, 0x21, 0x40, 0x41, 0x42, 0x50, 0x51, 0x647a];

it.each([0x1, 0x2, 0x3, 0x10, 0x11, 0x12, 0x13])('HPKE opens what it sealed with every KEM and KDF 0x%s', (kdf) => {
  for (const kem of kemIds) {
    for (const aead of [2, 3]) {
      const suite = findHpkeSuite({ kem, kdf, aead }) ?? '';
      const { publicKey, privateKey } = generateRecipient(suite);
      const sealed = hpkeSeal({ suite, publicKey, info, aad, plaintext });
      expect(hpkeOpen({ ...sealed, privateKey, info, aad })).toEqual(plaintext);
      expect(() => hpkeOpen({ ...sealed, privateKey, info: aad, aad })).toThrow(failed);
      expect(() => hpkeOpen({ ...sealed, privateKey, info, aad: info })).toThrow(failed);
    }
  }
});

it('CRY-1: no suite has a key of 128 bits, and recipients are never of a curve alone', () => {
  for (const kem of kemIds) expect(findHpkeSuite({ kem, kdf: 1, aead: 1 })).toBeUndefined();
  expect(findHpkeSuite({ kem: 0x647a, kdf: 1, aead: 2 })).toBe(hpkeSuite);
  expect(hpkeSuites.filter((suite) => suite.includes('DHKEM'))).toEqual([]);
});

describe('raw key agreement', () => {
  it('RFC 7748 section 6.1: both sides agree, and the public key is that of the scalar', () => {
    const privateKey = SecretBytes.take(fromHex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'));
    const publicKey = agreementPublicKey({ algorithm: 'x25519', privateKey });
    expect(Buffer.from(publicKey).toString('hex')).toBe(
      'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f',
    );
    const peer = fromHex('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a');
    const secret = agreeOnSecret({ algorithm: 'x25519', privateKey, peer });
    expect(secret.open(secretAccess, (bytes) => Buffer.from(bytes).toString('hex'))).toBe(
      '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742',
    );
  });

  it.each([
    ['x25519', 32],
    ['x448', 56],
  ])('%s refuses a point of low order, which would give a secret that everybody knows', async (algorithm, length) => {
    const privateKey = SecretBytes.random(length);
    expect(() => agreeOnSecret({ algorithm, privateKey, peer: new Uint8Array(length) })).toThrow(keyInvalid);
  });

  it('refuses scalars and points that are none', () => {
    const input = { algorithm: 'secp256r1', privateKey: SecretBytes.take(new Uint8Array(32)) };
    expect(() => agreementPublicKey(input)).toThrow(keyInvalid);
    const privateKey = SecretBytes.random(32);
    expect(() => agreeOnSecret({ algorithm: 'secp256r1', privateKey, peer: new Uint8Array(65) })).toThrow(keyInvalid);
    const unknown = expect.objectContaining({ code: 'CRYPTO_ALGORITHM_UNKNOWN' });
    expect(() => agreementPublicKey({ algorithm: 'secp256k1', privateKey })).toThrow(unknown);
  });
});
