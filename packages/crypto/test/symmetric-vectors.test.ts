import { describe, expect, it } from 'vitest';
import { pbkdf2ForReading } from '../src/password-schemes.ts';
import { SecretBytes, secretAccess } from '../src/secret-bytes.ts';
import { aeadOpen, aeadSealWithNonce } from '../src/symmetric/aead-suites.ts';
import { deriveKmac256, hkdfSha512 } from '../src/symmetric/key-derivation.ts';
import { unwrapKey, wrapKey } from '../src/symmetric/key-wrap.ts';
import { fromHex, Tally, toHex, vectors } from './vectors.ts';

interface Suite<Group, Test> {
  readonly testGroups: readonly (Group & { readonly tests: readonly (Test & { readonly tcId: number })[] })[];
}

const refusal = (code: string) => expect.objectContaining({ code });

describe('Wycheproof', () => {
  it.each([
    ['AES-256-KW', 'aes_wrap', 83],
    ['AES-256-KWP', 'aes_kwp', 127],
  ] as const)('CRY-1: %s, with wrapping keys of other sizes refused', (algorithm, set, count) => {
    const tally = new Tally(`wycheproof/${set}`);
    type Test = { key: string; msg: string; ct: string; result: string };
    for (const group of vectors<Suite<{ keySize: number }, Test>>(`wycheproof/${set}_test.json`).testGroups) {
      for (const test of group.tests) {
        using kek = SecretBytes.take(fromHex(test.key));
        const unwrap = (): SecretBytes => unwrapKey({ algorithm, kek, wrapped: fromHex(test.ct) });
        if (group.keySize !== 256) {
          expect(unwrap).toThrow(refusal('CRYPTO_KEY_INVALID'));
        } else if (test.result === 'valid') {
          using key = SecretBytes.take(fromHex(test.msg));
          using opened = unwrap();
          expect([test.tcId, toHex(wrapKey({ algorithm, kek, key }))]).toEqual([test.tcId, test.ct]);
          expect([test.tcId, opened.open(secretAccess, toHex)]).toEqual([test.tcId, test.msg]);
        } else {
          // The one `acceptable` case wraps eight bytes by KW, which this product does not.
          expect(unwrap).toThrow(expect.objectContaining({ name: 'CryptoError' }));
        }
        tally.ran();
      }
    }
    expect(tally.report()).toBe(count);
  });

  it('CRY-5: HKDF-SHA-512', () => {
    const tally = new Tally('wycheproof/hkdf_sha512');
    type Test = { ikm: string; salt: string; info: string; size: number; okm: string; result: string };
    const suite = vectors<Suite<object, Test>>('wycheproof/hkdf_sha512_test.json');
    for (const test of suite.testGroups.flatMap(({ tests }) => tests)) {
      const [salt, info, length] = [fromHex(test.salt), fromHex(test.info), test.size] as const;
      const derive = (): string =>
        hkdfSha512({ ikm: SecretBytes.take(fromHex(test.ikm)), salt, info, length }).open(secretAccess, toHex);
      if (test.result === 'valid') expect([test.tcId, derive()]).toEqual([test.tcId, test.okm]);
      else expect(derive).toThrow(refusal('CRYPTO_LIMIT'));
      tally.ran();
    }
    expect(tally.report()).toBe(42);
  });

  it.each([
    ['sha256', 30],
    ['sha512', 29],
  ] as const)('CRY-5: PBKDF2-HMAC-%s', async (hash, count) => {
    const tally = new Tally(`wycheproof/pbkdf2_hmac${hash}`);
    type Test = { password: string; salt: string; iterationCount: number; dkLen: number; dk: string };
    const suite = vectors<Suite<object, Test>>(`wycheproof/pbkdf2_hmac${hash}_test.json`);
    for (const test of suite.testGroups.flatMap(({ tests }) => tests)) {
      using password = SecretBytes.take(fromHex(test.password));
      const cost = { hash, iterations: test.iterationCount };
      using key = await pbkdf2ForReading({ password, salt: fromHex(test.salt), length: test.dkLen, cost });
      expect([test.tcId, key.open(secretAccess, toHex)]).toEqual([test.tcId, test.dk]);
      tally.ran();
    }
    expect(tally.report()).toBe(count);
  });
});

describe('ACVP', () => {
  it.each([
    ['AES-256-GCM', 'ACVP-AES-GCM-1.0', 30],
    ['AES-256-GCM-SIV', 'ACVP-AES-GCM-SIV-1.0', 60],
  ] as const)('CRY-1: %s: all keys of this set have 128 bits and are refused', (suite, set, count) => {
    const tally = new Tally(`acvp/${set}`);
    type Test = { key: string; iv: string; aad: string; pt?: string; ct: string; tag?: string };
    for (const group of vectors<Suite<{ keyLen: number }, Test>>(`acvp/${set}.json`).testGroups) {
      for (const test of group.tests) {
        expect(group.keyLen).toBe(128);
        using key = SecretBytes.take(fromHex(test.key));
        const how = { suite, key, nonce: fromHex(test.iv), aad: fromHex(test.aad) };
        const refused = refusal('CRYPTO_KEY_INVALID');
        expect(() => aeadSealWithNonce({ ...how, plaintext: fromHex(test.pt ?? '') })).toThrow(refused);
        expect(() => aeadOpen({ ...how, sealed: fromHex(test.ct + (test.tag ?? '')) })).toThrow(refused);
        tally.ran();
      }
    }
    expect(tally.report()).toBe(count);
  });

  it('CRY-5: KMAC256 as a key derivation of SP 800-108r1', () => {
    const tally = new Tally('acvp/KDF-KMAC-Sp800-108r1');
    type Test = {
      keyDerivationKey: string;
      context: string;
      label: string;
      derivedKeyLength: number;
      derivedKey: string;
    };
    for (const group of vectors<Suite<{ macMode: string }, Test>>('acvp/KDF-KMAC-Sp800-108r1.json').testGroups) {
      for (const test of group.tests) {
        if (group.macMode !== 'KMAC-256') {
          tally.skip('KMAC-128 is not offered');
          continue;
        }
        using key = SecretBytes.take(fromHex(test.keyDerivationKey));
        const [bytes, customization] = [fromHex(test.context), fromHex(test.label)];
        using derived = deriveKmac256({ key, bytes, customization, length: test.derivedKeyLength / 8 });
        expect(derived.open(secretAccess, toHex).toUpperCase()).toBe(test.derivedKey.toUpperCase());
        tally.ran();
      }
    }
    expect(tally.report()).toBe(20);
  });
});
