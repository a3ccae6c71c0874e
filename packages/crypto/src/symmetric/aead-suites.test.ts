import { gcm, gcmsiv } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { algorithm } from '../registry/registry.ts';
import { SecretBytes } from '../secret-bytes.ts';
import {
  type AeadSuite,
  aeadOpen,
  aeadSeal,
  aeadSealWithNonce,
  aeadSizes,
  aeadSuite,
  aeadSuites,
} from './aead-suites.ts';

const second = { 'AES-256-GCM': gcm, 'AES-256-GCM-SIV': gcmsiv, 'ChaCha20-Poly1305': chacha20poly1305 } as const;
const utf8 = new TextEncoder();
const aad = utf8.encode('row 7');
const failed = expect.objectContaining({ code: 'CRYPTO_AUTHENTICATION_FAILED' });
const withCode = (code: string) => expect.objectContaining({ code });

describe.each(aeadSuites)('CRY-1: %s', (suite) => {
  const bytesOf = (max: number) => fc.uint8Array({ maxLength: max });

  it('a second implementation opens what we seal and writes the same bytes', () => {
    const sized = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(sized(32), sized(12), bytesOf(80), bytesOf(300), (keyBytes, nonce, bound, plaintext) => {
        using key = SecretBytes.take(keyBytes.slice());
        const theirs = second[suite](keyBytes, nonce, bound);
        const sealed = aeadSealWithNonce({ suite, key, nonce, aad: bound, plaintext });
        expect(sealed).toEqual(theirs.encrypt(plaintext));
        const opened = aeadOpen({ suite, key, nonce, aad: bound, sealed });
        expect(opened).toEqual(new Uint8Array(plaintext));
        expect(Object.getPrototypeOf(opened)).toBe(Uint8Array.prototype);
      }),
    );
  });

  it('any flipped byte, cut or added byte, other nonce, key or additional data is refused', () => {
    using key = SecretBytes.random(32);
    using otherKey = SecretBytes.random(32);
    const { nonce, sealed } = aeadSeal({ suite, key, aad, plaintext: utf8.encode('the plaintext') });
    const attempt = (change: Partial<Parameters<typeof aeadOpen>[0]>) => () =>
      aeadOpen({ suite, key, nonce, aad, sealed, ...change });
    expect(attempt({})()).toEqual(utf8.encode('the plaintext'));
    const flip = (bytes: Uint8Array, index: number): Uint8Array =>
      bytes.map((byte, at) => (at === index ? byte ^ 0x80 : byte));
    for (let index = 0; index < sealed.length; index++) {
      expect(attempt({ sealed: flip(sealed, index) })).toThrow(failed);
      const code = index < 16 ? 'CRYPTO_MALFORMED' : 'CRYPTO_AUTHENTICATION_FAILED';
      expect(attempt({ sealed: sealed.subarray(0, index) })).toThrow(withCode(code));
    }
    for (let index = 0; index < nonce.length; index++) expect(attempt({ nonce: flip(nonce, index) })).toThrow(failed);
    for (let index = 0; index < aad.length; index++) expect(attempt({ aad: flip(aad, index) })).toThrow(failed);
    expect(attempt({ aad: new Uint8Array(0) })).toThrow(failed);
    expect(attempt({ sealed: Uint8Array.of(...sealed, 0) })).toThrow(failed);
    expect(attempt({ key: otherKey })).toThrow(failed);
    for (const other of aeadSuites) if (other !== suite) expect(attempt({ suite: other })).toThrow(failed);
  });

  it('every other length of key, nonce and tag is refused before work', () => {
    for (const length of [0, 16, 24, 31, 33, 64]) {
      using key = SecretBytes.random(length);
      const nonce = new Uint8Array(12);
      expect(() => aeadSeal({ suite, key, aad, plaintext: aad })).toThrow(withCode('CRYPTO_KEY_INVALID'));
      expect(() => aeadOpen({ suite, key, nonce, aad, sealed: new Uint8Array(20) })).toThrow(
        withCode('CRYPTO_KEY_INVALID'),
      );
    }
    using key = SecretBytes.random(32);
    for (const length of [0, 8, 11, 13, 16, 24]) {
      const nonce = new Uint8Array(length);
      const malformed = withCode('CRYPTO_MALFORMED');
      expect(() => aeadSealWithNonce({ suite, key, nonce, aad, plaintext: aad })).toThrow(malformed);
      expect(() => aeadOpen({ suite, key, nonce, aad, sealed: new Uint8Array(20) })).toThrow(malformed);
    }
  });

  it('additional data has no default and a limit', () => {
    using key = SecretBytes.random(32);
    const without = { suite, key, plaintext: aad } as unknown as Parameters<typeof aeadSeal>[0];
    expect(() => aeadSeal(without)).toThrow(withCode('CRYPTO_OPTION_UNSUPPORTED'));
    const large = new Uint8Array(aeadSizes.aadMax + 1);
    expect(() => aeadSeal({ suite, key, plaintext: aad, aad: large })).toThrow(withCode('CRYPTO_LIMIT'));
  });

  it('a fresh nonce for each call', () => {
    using key = SecretBytes.random(32);
    const nonces = Array.from({ length: 200 }, () => aeadSeal({ suite, key, aad, plaintext: aad }).nonce.join());
    expect(new Set(nonces).size).toBe(200);
  });

  it('CRY-9: the registry offers it with the sizes that are enforced', () => {
    expect(algorithm(suite)).toMatchObject({ family: 'aead', implementation: 'native' });
    expect(algorithm(suite).sizes).toEqual({ key: 32, nonce: 12, tag: 16 });
  });
});

it('CRY-1: a repeated nonce under GCM-SIV shows equal plaintexts and nothing else', () => {
  using key = SecretBytes.random(32);
  const nonce = new Uint8Array(12);
  const sealOf = (text: string) =>
    aeadSealWithNonce({ suite: 'AES-256-GCM-SIV', key, nonce, aad, plaintext: utf8.encode(text) });
  expect(sealOf('same')).toEqual(sealOf('same'));
  const [a, b] = [sealOf('abcdefgh'), sealOf('abcdefgi')];
  // Under GCM the first seven bytes would be equal.
  expect(a.subarray(0, 7)).not.toEqual(b.subarray(0, 7));
});

it('CRY-1: a name that is not offered is refused', () => {
  const unsupported = withCode('CRYPTO_SUITE_UNSUPPORTED');
  for (const name of ['AES-128-GCM', 'aes-256-gcm', '', 'constructor']) {
    expect(() => aeadSuite(name)).toThrow(unsupported);
  }
  using key = SecretBytes.random(32);
  const suite = 'AES-256-CBC' as AeadSuite;
  expect(() => aeadSeal({ suite, key, aad, plaintext: aad })).toThrow(unsupported);
});
