import { aessiv } from '@noble/ciphers/aes.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeContext } from '../encryption-context.ts';
import { hmacSha256 } from '../hash.ts';
import { algorithm } from '../registry/registry.ts';
import { SecretBytes } from '../secret-bytes.ts';
import { leakageWarnings } from './leakage.ts';
import { blindIndex, deterministicOpen, deterministicSeal, generateDeterministicKey } from './searchable.ts';

const context = { purpose: 'data-at-rest', tenant: 'tenant-a', column: 'patients.number' };
const utf8 = new TextEncoder();
const withCode = (code: string) => expect.objectContaining({ code });

describe('CRY-7: deterministic encryption', () => {
  it('is AES-SIV of RFC 5297 over the encoded context, as a second implementation computes it', () => {
    const sized = fc.uint8Array({ minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(sized, fc.uint8Array({ maxLength: 200 }), (keyBytes, plaintext) => {
        using key = SecretBytes.take(keyBytes.slice());
        const sealed = deterministicSeal({ key, context, plaintext });
        expect(aessiv(keyBytes, encodeContext('AES-256-SIV', context)).encrypt(plaintext)).toEqual(sealed);
        expect(deterministicOpen({ key, context, sealed })).toEqual(new Uint8Array(plaintext));
      }),
    );
  });

  it('equal values are equal, under one key and one context alone', () => {
    using key = generateDeterministicKey();
    using otherKey = generateDeterministicKey();
    const plaintext = utf8.encode('4711');
    const sealed = deterministicSeal({ key, context, plaintext });
    expect(deterministicSeal({ key, context, plaintext })).toEqual(sealed);
    expect(deterministicSeal({ key, context: { ...context, column: 'x' }, plaintext })).not.toEqual(sealed);
    expect(deterministicSeal({ key: otherKey, context, plaintext })).not.toEqual(sealed);
  });

  it('any changed byte, cut, other key or context is refused', () => {
    using key = generateDeterministicKey();
    const sealed = deterministicSeal({ key, context, plaintext: utf8.encode('secret value') });
    const failed = withCode('CRYPTO_AUTHENTICATION_FAILED');
    for (let index = 0; index < sealed.length; index++) {
      const changed = sealed.map((byte, at) => (at === index ? byte ^ 4 : byte));
      expect(() => deterministicOpen({ key, context, sealed: changed })).toThrow(failed);
      const cut = sealed.subarray(0, index);
      const code = index < 16 ? 'CRYPTO_MALFORMED' : 'CRYPTO_AUTHENTICATION_FAILED';
      expect(() => deterministicOpen({ key, context, sealed: cut })).toThrow(withCode(code));
    }
    using otherKey = generateDeterministicKey();
    expect(() => deterministicOpen({ key: otherKey, context, sealed })).toThrow(failed);
    expect(() => deterministicOpen({ key, context: { ...context, tenant: 'tenant-b' }, sealed })).toThrow(failed);
  });

  it('limits and key lengths are refused before work', () => {
    using key = generateDeterministicKey();
    for (const length of [32, 48, 63, 65]) {
      using wrong = SecretBytes.random(length);
      expect(() => deterministicSeal({ key: wrong, context, plaintext: utf8.encode('x') })).toThrow(
        withCode('CRYPTO_KEY_INVALID'),
      );
    }
    const large = new Uint8Array(64 * 1024 + 17);
    expect(() => deterministicSeal({ key, context, plaintext: large })).toThrow(withCode('CRYPTO_LIMIT'));
    expect(() => deterministicOpen({ key, context, sealed: large })).toThrow(withCode('CRYPTO_LIMIT'));
  });
});

describe('CRY-7: blind index', () => {
  const value = utf8.encode('ada@example.org');

  it('is HMAC-SHA-256 over context and value, cut to the bits of the policy', () => {
    using key = SecretBytes.random(32);
    const encoded = encodeContext('HMAC-SHA256 blind index', context);
    const whole = hmacSha256(key, Uint8Array.of(...encoded, ...value));
    expect(blindIndex({ key, context, value, bits: 256 })).toEqual(whole);
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 256 }), (bits) => {
        const index = blindIndex({ key, context, value, bits });
        expect(index).toHaveLength(Math.ceil(bits / 8));
        const kept = (bytes: Uint8Array): string =>
          [...bytes]
            .map((byte) => byte.toString(2).padStart(8, '0'))
            .join('')
            .slice(0, bits);
        expect(kept(index)).toBe(kept(whole));
        const rest = [...index]
          .map((byte) => byte.toString(2).padStart(8, '0'))
          .join('')
          .slice(bits);
        expect(rest).toMatch(/^0*$/);
      }),
    );
  });

  it('another key, tenant or column is another index', () => {
    using key = SecretBytes.random(32);
    using otherKey = SecretBytes.random(32);
    const of = (change: object): string => blindIndex({ key, context, value, bits: 128, ...change }).join();
    const others = [
      of({ key: otherKey }),
      of({ context: { ...context, tenant: 'b' } }),
      of({ value: utf8.encode('b') }),
    ];
    expect(new Set([of({}), ...others]).size).toBe(4);
    expect(of({})).toBe(of({}));
  });

  it('bits, key length and value length have bounds', () => {
    using key = SecretBytes.random(32);
    for (const bits of [0, 7, 257, 12.5, Number.NaN]) {
      expect(() => blindIndex({ key, context, value, bits })).toThrow(withCode('CRYPTO_LIMIT'));
    }
    using short = SecretBytes.random(16);
    expect(() => blindIndex({ key: short, context, value, bits: 32 })).toThrow(withCode('CRYPTO_KEY_INVALID'));
    const large = new Uint8Array(64 * 1024 + 1);
    expect(() => blindIndex({ key, context, value: large, bits: 32 })).toThrow(withCode('CRYPTO_LIMIT'));
  });
});

it('CRY-7: each searchable mechanism has a warning in words, under an id that stays', () => {
  expect(leakageWarnings.map(({ id }) => id).sort()).toEqual([
    'blind-index',
    'deterministic-encryption',
    'format-preserving-encryption',
  ]);
  for (const warning of leakageWarnings) {
    expect(algorithm(warning.algorithm).implementation).not.toBe('not-offered');
    expect(warning.text.length).toBeGreaterThan(200);
    expect(warning.text).toMatch(/equal|same/i);
  }
});
