import { kmac256 as secondKmac } from '@noble/hashes/sha3-addons.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import { deriveKmac256, hkdfSha512, hmacSha512, kmac256 } from './key-derivation.ts';

const utf8 = new TextEncoder();
const withCode = (code: string) => expect.objectContaining({ code });
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('CRY-5: KMAC256', () => {
  it('is what a second implementation computes, for every key, customization and length', () => {
    const key = fc.uint8Array({ minLength: 14, maxLength: 200 });
    const short = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(key, short, short, fc.integer({ min: 1, max: 400 }), (keyBytes, bytes, customization, length) => {
        using secret = SecretBytes.take(keyBytes.slice());
        const expected = secondKmac(keyBytes, bytes, { personalization: customization, dkLen: length });
        expect(hex(kmac256({ key: secret, bytes, customization, length }))).toBe(hex(expected));
        using derived = deriveKmac256({ key: secret, bytes, customization, length });
        expect(derived.open(secretAccess, hex)).toBe(hex(expected));
      }),
    );
  });

  it('a shorter tag is not the beginning of a longer one', () => {
    using key = SecretBytes.random(32);
    const of = (length: number) => kmac256({ key, bytes: utf8.encode('m'), customization: utf8.encode('c'), length });
    expect(of(32)).not.toEqual(of(64).subarray(0, 32));
  });

  it('keys, lengths and customizations have bounds', () => {
    const rest = { bytes: utf8.encode('m'), customization: utf8.encode('c') };
    for (const length of [0, 13, 513]) {
      using key = SecretBytes.random(length);
      expect(() => kmac256({ key, ...rest, length: 32 })).toThrow(withCode('CRYPTO_KEY_INVALID'));
    }
    using key = SecretBytes.random(32);
    for (const length of [0, -1, 1.5, 65_537]) {
      expect(() => kmac256({ key, ...rest, length })).toThrow(withCode('CRYPTO_LIMIT'));
    }
    const customization = new Uint8Array(513);
    expect(() => kmac256({ key, ...rest, customization, length: 32 })).toThrow(withCode('CRYPTO_LIMIT'));
  });
});

it('CRY-5: HMAC-SHA-512 is RFC 4231, test case 1', () => {
  using key = SecretBytes.take(new Uint8Array(20).fill(0x0b));
  expect(hex(hmacSha512(key, utf8.encode('Hi There')))).toBe(
    '87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854',
  );
});

it('CRY-5: HKDF-SHA-512 has the bounds of RFC 5869', () => {
  using ikm = SecretBytes.random(32);
  const of = (length: number, info = new Uint8Array(0)) => hkdfSha512({ ikm, salt: new Uint8Array(0), info, length });
  expect(of(255 * 64)).toHaveLength(16_320);
  for (const length of [0, 255 * 64 + 1, 0.5]) expect(() => of(length)).toThrow(withCode('CRYPTO_LIMIT'));
  expect(() => of(32, new Uint8Array(1025))).toThrow(withCode('CRYPTO_LIMIT'));
});
