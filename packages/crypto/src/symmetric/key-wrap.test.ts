import { aeskw, aeskwp } from '@noble/ciphers/aes.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import { type KeyWrapAlgorithm, unwrapKey, wrapKey } from './key-wrap.ts';

const withCode = (code: string) => expect.objectContaining({ code });
const second = { 'AES-256-KW': aeskw, 'AES-256-KWP': aeskwp } as const;
const lengths = {
  'AES-256-KW': fc.integer({ min: 2, max: 40 }).map((blocks) => blocks * 8),
  'AES-256-KWP': fc.integer({ min: 1, max: 300 }),
} as const;

describe.each(['AES-256-KW', 'AES-256-KWP'] as const)('CRY-1: %s', (algorithm) => {
  it('a second implementation unwraps what we wrap, and the reverse', () => {
    const sized = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(sized(32), lengths[algorithm].chain(sized), (kekBytes, keyBytes) => {
        using kek = SecretBytes.take(kekBytes.slice());
        using key = SecretBytes.take(keyBytes.slice());
        const wrapped = wrapKey({ algorithm, kek, key });
        // Its plain wrap also takes eight bytes, and then does what RFC 5649 says; ours never gets that far.
        expect(second[algorithm](kekBytes).encrypt(keyBytes)).toEqual(wrapped);
        using opened = unwrapKey({ algorithm, kek, wrapped });
        expect(opened.open(secretAccess, (bytes) => bytes.slice())).toEqual(keyBytes);
      }),
    );
  });

  it('any flipped byte, cut or added block and other key is refused', () => {
    using kek = SecretBytes.random(32);
    using other = SecretBytes.random(32);
    using key = SecretBytes.random(32);
    const wrapped = wrapKey({ algorithm, kek, key });
    const failed = withCode('CRYPTO_AUTHENTICATION_FAILED');
    for (let index = 0; index < wrapped.length; index++) {
      const changed = wrapped.map((byte, at) => (at === index ? byte ^ 1 : byte));
      expect(() => unwrapKey({ algorithm, kek, wrapped: changed })).toThrow(failed);
    }
    expect(() => unwrapKey({ algorithm, kek: other, wrapped })).toThrow(failed);
    expect(() => unwrapKey({ algorithm, kek, wrapped: wrapped.subarray(8) })).toThrow(failed);
    expect(() => unwrapKey({ algorithm, kek, wrapped: Uint8Array.of(...wrapped, ...new Uint8Array(8)) })).toThrow(
      failed,
    );
    for (const length of [0, 1, 8, 15, 17, 39]) {
      expect(() => unwrapKey({ algorithm, kek, wrapped: wrapped.slice(0, length) })).toThrow(
        withCode('CRYPTO_MALFORMED'),
      );
    }
  });

  it('takes a wrapping key of 256 bits alone, and refuses what is too long', () => {
    using key = SecretBytes.random(32);
    for (const length of [0, 16, 24, 31, 33]) {
      using kek = SecretBytes.random(length);
      expect(() => wrapKey({ algorithm, kek, key })).toThrow(withCode('CRYPTO_KEY_INVALID'));
      expect(() => unwrapKey({ algorithm, kek, wrapped: new Uint8Array(40) })).toThrow(withCode('CRYPTO_KEY_INVALID'));
    }
    using kek = SecretBytes.random(32);
    using large = SecretBytes.random(64 * 1024 + 8);
    expect(() => wrapKey({ algorithm, kek, key: large })).toThrow(withCode('CRYPTO_LIMIT'));
    expect(() => unwrapKey({ algorithm, kek, wrapped: new Uint8Array(66_000) })).toThrow(withCode('CRYPTO_LIMIT'));
    using empty = SecretBytes.random(0);
    // The runtime answers with nothing at all for an empty key, as if it had wrapped it.
    expect(() => wrapKey({ algorithm, kek, key: empty })).toThrow(withCode('CRYPTO_KEY_INVALID'));
  });
});

it('trap: a key of eight bytes has no wrapping in RFC 3394, so plain wrap refuses it and KWP takes it', () => {
  using kek = SecretBytes.random(32);
  for (const length of [1, 7, 8, 9, 12, 15, 17, 31]) {
    using key = SecretBytes.random(length);
    expect(() => wrapKey({ algorithm: 'AES-256-KW', kek, key })).toThrow(withCode('CRYPTO_KEY_INVALID'));
    using opened = unwrapKey({
      algorithm: 'AES-256-KWP',
      kek,
      wrapped: wrapKey({ algorithm: 'AES-256-KWP', kek, key }),
    });
    expect(opened.equals(key)).toBe(true);
  }
  // Sixteen bytes would be the wrapping of eight that some write.
  expect(() => unwrapKey({ algorithm: 'AES-256-KW', kek, wrapped: new Uint8Array(16) })).toThrow(
    withCode('CRYPTO_MALFORMED'),
  );
});

it('another algorithm is refused', () => {
  using kek = SecretBytes.random(32);
  using key = SecretBytes.random(32);
  for (const name of ['AES-128-KW', 'constructor', '']) {
    const algorithm = name as KeyWrapAlgorithm;
    expect(() => wrapKey({ algorithm, kek, key })).toThrow(withCode('CRYPTO_SUITE_UNSUPPORTED'));
  }
});
