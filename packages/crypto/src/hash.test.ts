import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  constantTimeEqual,
  hkdfSha256,
  hkdfSha384,
  hmacSha256,
  hmacSha384,
  randomBytes,
  sha3_256,
  sha3_256Concat,
  sha256,
  sha384Concat,
} from './hash.ts';
import { hkdfExpand, hkdfExtract } from './hpke/key-schedule.ts';
import { SecretBytes, secretAccess } from './secret-bytes.ts';

const utf8 = new TextEncoder();
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('hashes', () => {
  it('give the published digests of "abc" as plain Uint8Array', () => {
    expect(hex(sha256(utf8.encode('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hex(sha3_256(utf8.encode('abc')))).toBe('3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532');
    for (const digest of [sha256(utf8.encode('')), sha3_256(utf8.encode('')), sha3_256Concat([])]) {
      expect(Object.getPrototypeOf(digest)).toBe(Uint8Array.prototype);
      expect(digest.buffer.byteLength).toBe(32);
    }
  });

  it('digests never share memory, so a later call cannot change an earlier answer', () => {
    const first = sha256(utf8.encode('first'));
    const before = hex(first);
    for (let i = 0; i < 1000; i++) sha256(new Uint8Array([i & 0xff]));
    expect(hex(first)).toBe(before);
  });

  it('hashing parts equals hashing their concatenation', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 6 }), (parts) => {
        expect(sha3_256Concat(parts)).toEqual(sha3_256(new Uint8Array(Buffer.concat(parts))));
      }),
    );
  });

  it('read the view they are given, not the buffer behind it', () => {
    const whole = utf8.encode('xxabcxx');
    expect(sha256(whole.subarray(2, 5))).toEqual(sha256(utf8.encode('abc')));
    expect(sha3_256(whole.subarray(2, 5))).toEqual(sha3_256(utf8.encode('abc')));
  });

  it('agree with the streaming interface on random input', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(hex(sha256(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'));
        expect(hex(sha3_256(bytes))).toBe(createHash('sha3-256').update(bytes).digest('hex'));
      }),
    );
  });
});

describe('key derivation', () => {
  it('HMAC-SHA-256 gives RFC 4231 test case 2', () => {
    const tag = hmacSha256(SecretBytes.fromUtf8('Jefe'), utf8.encode('what do ya want for nothing?'));
    expect(hex(tag)).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
  });

  it('HKDF in one call equals extract then expand', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.uint8Array({ maxLength: 80 }),
        fc.uint8Array({ maxLength: 80 }),
        fc.integer({ min: 1, max: 300 }),
        (ikm, salt, info, length) => {
          const whole = hkdfSha256({ ikm: SecretBytes.take(ikm.slice()), salt, info, length });
          const parts = hkdfExpand(hkdfExtract(salt, [ikm]), [info], length);
          expect(whole.open(secretAccess, (bytes) => hex(bytes))).toBe(hex(parts));
        },
      ),
    );
  });

  it('CRY-5: HKDF-SHA-384 is what RFC 5869 builds from HMAC-SHA-384', () => {
    const mac = (key: Uint8Array, ...parts: Uint8Array[]): Buffer =>
      createHmac('sha384', key).update(Buffer.concat(parts)).digest();
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 150 }),
        fc.uint8Array({ maxLength: 150 }),
        fc.uint8Array({ maxLength: 80 }),
        fc.integer({ min: 1, max: 300 }),
        (ikm, salt, info, length) => {
          const prk = mac(salt, ikm);
          let [okm, block] = [Buffer.alloc(0), Buffer.alloc(0)];
          for (let counter = 1; okm.length < length; counter += 1) {
            block = Buffer.from(mac(prk, block, info, Uint8Array.of(counter)));
            okm = Buffer.concat([okm, block]);
          }
          const whole = hkdfSha384({ ikm: SecretBytes.take(ikm.slice()), salt, info, length });
          expect(whole.open(secretAccess, hex)).toBe(hex(okm.subarray(0, length)));
        },
      ),
    );
  });

  it('SHA-384 and HMAC-SHA-384 agree with the runtime and with RFC 4231', () => {
    expect(hex(sha384Concat([utf8.encode('ab'), utf8.encode('c')]))).toBe(
      createHash('sha384').update('abc').digest('hex'),
    );
    expect(hex(hmacSha384(SecretBytes.fromUtf8('Jefe'), utf8.encode('what do ya want for nothing?')))).toBe(
      'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649',
    );
  });

  it('refuses lengths and info outside the bounds before work', () => {
    const ikm = SecretBytes.random(32);
    const empty = new Uint8Array(0);
    for (const [length, info] of [
      [0, empty],
      [-1, empty],
      [1.5, empty],
      [8161, empty],
      [32, new Uint8Array(1025)],
    ] as const) {
      expect(() => hkdfSha256({ ikm, salt: empty, info, length })).toThrow(
        expect.objectContaining({ code: 'CRYPTO_LIMIT' }),
      );
    }
  });
});

describe('constantTimeEqual and randomBytes', () => {
  it('compares content, and unequal lengths are unequal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (a, b) => {
        expect(constantTimeEqual(a, b)).toBe(Buffer.compare(a, b) === 0);
        expect(constantTimeEqual(a, a.slice())).toBe(true);
        expect(constantTimeEqual(a, new Uint8Array([...a, 0]))).toBe(false);
      }),
    );
  });

  it('gives the length asked for, within bounds', () => {
    expect(randomBytes(0)).toHaveLength(0);
    expect(randomBytes(33)).toHaveLength(33);
    expect(hex(randomBytes(32))).not.toBe(hex(randomBytes(32)));
    expect(() => randomBytes(-1)).toThrow(expect.objectContaining({ code: 'CRYPTO_MALFORMED' }));
    expect(() => randomBytes(2 ** 21)).toThrow(expect.objectContaining({ code: 'CRYPTO_LIMIT' }));
  });
});
