import { describe, expect, it } from 'vitest';
import { nativeGcmOpen, nativeGcmSeal } from '#native/aead';
import {
  kemDecapsulate,
  kemEncapsulate,
  privateKeyFromRaw,
  privateKeyFromSeed,
  publicKeyFromRaw,
  rawPublicKey,
  x25519,
} from '#native/asymmetric';
import { seal, unseal } from '../src/aead.ts';
import { hkdfSha256 } from '../src/hash.ts';
import { hkdfExpand, hkdfExtract } from '../src/hpke/key-schedule.ts';
import { SecretBytes, secretAccess } from '../src/secret-bytes.ts';
import { importSigningKey, importVerifyKey } from '../src/signature.ts';
import { fromHex, sharedVectors, Tally, toHex, vectors } from './vectors.ts';

interface Suite<Group, Test> {
  readonly testGroups: readonly (Group & { readonly tests: readonly (Test & Case)[] })[];
}

interface Case {
  readonly tcId: number;
  readonly comment?: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly flags?: readonly string[];
}

const kem768 = 'ml-kem-768';

describe('Wycheproof', () => {
  it('CRY-1: AES-256-GCM', () => {
    const tally = new Tally('wycheproof/aes_gcm');
    const suite =
      vectors<
        Suite<
          { keySize: number; ivSize: number; tagSize: number },
          { key: string; iv: string; aad: string; msg: string; ct: string; tag: string }
        >
      >('wycheproof/aes_gcm_test.json');
    const context = { purpose: 'test', tenant: 'test' };
    for (const group of suite.testGroups) {
      for (const test of group.tests) {
        if (group.keySize !== 256) {
          using key = SecretBytes.take(fromHex(test.key));
          const refused = expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' });
          const sealed = { suite: 'AES-256-GCM', bytes: new Uint8Array(28) };
          expect(() => seal({ key, context, plaintext: fromHex(test.msg) })).toThrow(refused);
          expect(() => unseal({ key, context, sealed })).toThrow(refused);
          tally.skip('key not of 256 bits, refused by seal and unseal');
          continue;
        }
        if (group.ivSize !== 96 || group.tagSize !== 128) {
          tally.skip('nonce not of 96 bits, which the format cannot express');
          continue;
        }
        const [key, nonce, aad, message] = [test.key, test.iv, test.aad, test.msg].map(fromHex);
        if (key === undefined || nonce === undefined || aad === undefined || message === undefined) throw new Error();
        const opened = nativeGcmOpen(key, nonce, aad, fromHex(test.ct + test.tag));
        if (test.result === 'valid') {
          const out = new Uint8Array(message.length + 16);
          nativeGcmSeal(key, nonce, aad, message, out);
          expect([test.tcId, toHex(out)]).toEqual([test.tcId, test.ct + test.tag]);
          expect([test.tcId, opened === undefined ? 'refused' : toHex(opened)]).toEqual([test.tcId, test.msg]);
        } else {
          expect([test.tcId, opened]).toEqual([test.tcId, undefined]);
        }
        tally.ran();
      }
    }
    expect(tally.report()).toBeGreaterThan(30);
  });

  it('CRY-5: HKDF-SHA-256, in one call and as extract and expand', () => {
    const tally = new Tally('wycheproof/hkdf_sha256');
    const suite = vectors<Suite<object, { ikm: string; salt: string; info: string; size: number; okm: string }>>(
      'wycheproof/hkdf_sha256_test.json',
    );
    for (const test of suite.testGroups.flatMap(({ tests }) => tests)) {
      const [salt, info, length] = [fromHex(test.salt), fromHex(test.info), test.size] as const;
      const derive = (): string =>
        hkdfSha256({ ikm: SecretBytes.take(fromHex(test.ikm)), salt, info, length }).open(secretAccess, toHex);
      if (test.result === 'valid') {
        expect([test.tcId, derive()]).toEqual([test.tcId, test.okm]);
        expect(toHex(hkdfExpand(hkdfExtract(salt, [fromHex(test.ikm)]), [info], length))).toBe(test.okm);
      } else {
        expect(derive).toThrow(expect.objectContaining({ code: 'CRYPTO_LIMIT' }));
      }
      tally.ran();
    }
    expect(tally.report()).toBe(43);
  });

  it('CRY-3: Ed25519 verification', () => {
    const tally = new Tally('wycheproof/ed25519');
    const suite =
      vectors<Suite<{ publicKey: { pk: string } }, { msg: string; sig: string }>>('wycheproof/ed25519_test.json');
    for (const group of suite.testGroups) {
      const key = importVerifyKey({ algorithm: 'Ed25519', publicKey: fromHex(group.publicKey.pk) });
      for (const test of group.tests) {
        const genuine = key.verify({ message: fromHex(test.msg), signature: fromHex(test.sig) });
        expect([test.tcId, test.comment, genuine]).toEqual([test.tcId, test.comment, test.result === 'valid']);
        tally.ran();
      }
    }
    expect(tally.report()).toBe(76);
  });

  it('CRY-3: ML-DSA-44 verification', () => {
    const tally = new Tally('wycheproof/mldsa_44_verify');
    const suite = vectors<Suite<{ publicKey: string }, { msg: string; sig: string; ctx?: string }>>(
      'wycheproof/mldsa_44_verify_test.json',
    );
    for (const { publicKey, tests } of suite.testGroups) {
      for (const test of tests) {
        const attempt = (): boolean =>
          importVerifyKey({ algorithm: 'ML-DSA-44', publicKey: fromHex(publicKey) }).verify({
            message: fromHex(test.msg),
            signature: fromHex(test.sig),
            ...(test.ctx === undefined ? {} : { context: fromHex(test.ctx) }),
          });
        if (test.flags?.includes('IncorrectPublicKeyLength')) {
          expect(attempt).toThrow(expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' }));
        } else if ((test.ctx?.length ?? 0) > 2 * 255) {
          expect(attempt).toThrow(expect.objectContaining({ code: 'CRYPTO_LIMIT' }));
        } else {
          expect([test.tcId, test.comment, attempt()]).toEqual([test.tcId, test.comment, test.result === 'valid']);
        }
        tally.ran();
      }
    }
    expect(tally.report()).toBe(90);
  });

  it.each([
    ['ML-DSA-65', 65, 105],
    ['ML-DSA-87', 87, 121],
  ] as const)('CRY-3: %s verification', (algorithm, set, count) => {
    const suite = sharedVectors<Suite<{ publicKey: string }, { msg: string; sig: string; ctx?: string }>>(
      `wycheproof/mldsa_${set}_verify_test.json`,
    );
    if (suite === undefined) return;
    const tally = new Tally(`wycheproof/mldsa_${set}_verify`);
    for (const { publicKey, tests } of suite.testGroups) {
      for (const test of tests) {
        const attempt = (): boolean =>
          importVerifyKey({ algorithm, publicKey: fromHex(publicKey) }).verify({
            message: fromHex(test.msg),
            signature: fromHex(test.sig),
            ...(test.ctx === undefined ? {} : { context: fromHex(test.ctx) }),
          });
        if (test.flags?.includes('IncorrectPublicKeyLength')) {
          expect(attempt).toThrow(expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' }));
        } else if ((test.ctx?.length ?? 0) > 2 * 255) {
          expect(attempt).toThrow(expect.objectContaining({ code: 'CRYPTO_LIMIT' }));
        } else {
          expect([test.tcId, test.comment, attempt()]).toEqual([test.tcId, test.comment, test.result === 'valid']);
        }
        tally.ran();
      }
    }
    expect(tally.report()).toBe(count);
  });

  it('CRY-3: ML-DSA-44 keys from seeds, and the published signatures verify under them', () => {
    const tally = new Tally('wycheproof/mldsa_44_sign_seed');
    const suite = vectors<
      Suite<{ privateSeed: string; publicKey: string }, { msg?: string; sig: string; ctx?: string }>
    >('wycheproof/mldsa_44_sign_seed_test.json');
    for (const { privateSeed, publicKey, tests } of suite.testGroups) {
      for (const test of tests) {
        const privateKey = SecretBytes.take(fromHex(privateSeed));
        if (test.flags?.includes('IncorrectPrivateKeyLength')) {
          expect(() => importSigningKey({ algorithm: 'ML-DSA-44', privateKey })).toThrow(
            expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' }),
          );
          tally.ran();
          continue;
        }
        if (test.flags?.includes('Internal') || test.msg === undefined) {
          tally.skip('internal interface (mu given), not offered');
          continue;
        }
        using key = importSigningKey({ algorithm: 'ML-DSA-44', privateKey });
        expect(toHex(key.publicKey)).toBe(publicKey);
        const message = fromHex(test.msg);
        const options = test.ctx === undefined ? {} : { context: fromHex(test.ctx) };
        if (test.result === 'invalid') {
          expect(() => key.sign(message, options)).toThrow(expect.objectContaining({ code: 'CRYPTO_LIMIT' }));
        } else {
          // Signing is hedged here, so the deterministic bytes cannot be compared; both must verify.
          const verifier = importVerifyKey({ algorithm: 'ML-DSA-44', publicKey: key.publicKey });
          expect(verifier.verify({ message, signature: fromHex(test.sig), ...options })).toBe(true);
          expect(verifier.verify({ message, signature: key.sign(message, options), ...options })).toBe(true);
        }
        tally.ran();
      }
    }
    expect(tally.report()).toBeGreaterThanOrEqual(40);
  });

  it('CRY-2: X25519, with points of low order refused', () => {
    const tally = new Tally('wycheproof/x25519');
    const suite =
      vectors<Suite<object, { public: string; private: string; shared: string }>>('wycheproof/x25519_test.json');
    for (const test of suite.testGroups.flatMap(({ tests }) => tests)) {
      const agree = (): string =>
        toHex(
          x25519(privateKeyFromRaw('x25519', fromHex(test.private)), publicKeyFromRaw('x25519', fromHex(test.public))),
        );
      if (/^0*$/.test(test.shared)) expect(agree).toThrow();
      else expect([test.tcId, agree()]).toEqual([test.tcId, test.shared]);
      tally.ran();
    }
    expect(tally.report()).toBe(259);
  });

  it('CRY-2: ML-KEM-768 from seeds: keys and decapsulation', () => {
    const tally = new Tally('wycheproof/mlkem_768');
    const suite = vectors<Suite<object, { seed?: string; ek?: string; c: string; K: string }>>(
      'wycheproof/mlkem_768_test.json',
    );
    for (const test of suite.testGroups.flatMap(({ tests }) => tests)) {
      if (test.seed === undefined) {
        tally.skip('no seed: expanded private keys are not imported');
        continue;
      }
      const seed = fromHex(test.seed);
      const run = (): string[] => {
        const key = privateKeyFromSeed(kem768, seed);
        const publicKey = toHex(rawPublicKey(key));
        return [test.ek === undefined ? '' : publicKey, toHex(kemDecapsulate(key, fromHex(test.c)))];
      };
      if (test.result === 'valid') expect([test.tcId, ...run()]).toEqual([test.tcId, test.ek ?? '', test.K]);
      else expect(run).toThrow();
      tally.ran();
    }
    expect(tally.report()).toBeGreaterThan(90);
  });

  it('CRY-2: ML-KEM-768 keys from seeds, second set', (ctx) => {
    const suite = sharedVectors<Suite<object, { seed: string; ek: string }>>(
      'wycheproof/mlkem_768_keygen_seed_test.json',
    );
    if (suite === undefined) return ctx.skip('shared/vectors is not beside this repository');
    const tally = new Tally('wycheproof/mlkem_768_keygen_seed');
    for (const test of suite.testGroups.flatMap(({ tests }) => tests)) {
      expect(toHex(rawPublicKey(privateKeyFromSeed(kem768, fromHex(test.seed))))).toBe(test.ek);
      tally.ran();
    }
    expect(tally.report()).toBe(50);
  });

  it('CRY-2: ML-KEM-768 public keys: the modulus check', (ctx) => {
    const suite = sharedVectors<Suite<object, { ek: string }>>('wycheproof/mlkem_768_encaps_test.json');
    if (suite === undefined) return ctx.skip('shared/vectors is not beside this repository');
    const tally = new Tally(
      'wycheproof/mlkem_768_encaps (import and length only: encapsulation cannot be derandomized)',
    );
    for (const test of suite.testGroups.flatMap(({ tests }) => tests)) {
      const encapsulate = (): number => kemEncapsulate(publicKeyFromRaw(kem768, fromHex(test.ek))).ciphertext.length;
      if (test.result === 'valid') expect(encapsulate()).toBe(1088);
      else expect(encapsulate).toThrow();
      tally.ran();
    }
    expect(tally.report()).toBe(132);
  });
});
