import { describe, expect, it } from 'vitest';
import { nativeHmacSha1 } from '#native/mac';
import * as browser from '../browser/mac.ts';
import { CryptoError } from '../errors.ts';
import { SecretBytes } from '../secret-bytes.ts';
import { type OneTimeCodeHash, oneTimeCode } from './one-time-code.ts';

const ascii = (text: string): SecretBytes => SecretBytes.fromUtf8(text);
const digitsOf = (length: number): string => '1234567890'.repeat(7).slice(0, length);

// RFC 6238 appendix B, with the secrets of its erratum 2866: as long as the hash.
const times = [59n, 1_111_111_109n, 1_111_111_111n, 1_234_567_890n, 2_000_000_000n, 20_000_000_000n];
const appendixB: readonly [OneTimeCodeHash, number, readonly string[]][] = [
  ['SHA-1', 20, ['94287082', '07081804', '14050471', '89005924', '69279037', '65353130']],
  ['SHA-256', 32, ['46119246', '68084774', '67062674', '91819424', '90698825', '77737706']],
  ['SHA-512', 64, ['90693936', '25091201', '99943326', '93441116', '38618901', '47863826']],
];

describe('one-time codes', () => {
  it.each(appendixB)('ACC-2: give the answers of RFC 6238 appendix B with %s', (hash, length, wanted) => {
    const secret = ascii(digitsOf(length));
    expect(times.map((time) => oneTimeCode({ secret, counter: time / 30n, hash, digits: 8 }))).toEqual(wanted);
  });

  it('ACC-2: give the answers of RFC 4226 appendix D', () => {
    const wanted = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ');
    const secret = ascii(digitsOf(20));
    const got = wanted.map((_, counter) => oneTimeCode({ secret, counter: BigInt(counter), hash: 'SHA-1', digits: 6 }));
    expect(got).toEqual(wanted);
  });

  it('are the same in browsers', () => {
    const [key, bytes] = [Buffer.from('k'.repeat(20)), Buffer.from('message')];
    expect(Buffer.from(browser.nativeHmacSha1(key, bytes))).toEqual(Buffer.from(nativeHmacSha1(key, bytes)));
  });

  it.each([
    ['a short secret', { secret: ascii('fifteen letters') }, 'CRYPTO_KEY_INVALID'],
    ['a long secret', { secret: ascii(digitsOf(65)) }, 'CRYPTO_KEY_INVALID'],
    ['a negative counter', { counter: -1n }, 'CRYPTO_LIMIT'],
    ['a counter over 64 bits', { counter: 2n ** 64n }, 'CRYPTO_LIMIT'],
    ['another hash', { hash: 'MD5' as never }, 'CRYPTO_OPTION_UNSUPPORTED'],
    ['another length', { digits: 4 as never }, 'CRYPTO_OPTION_UNSUPPORTED'],
  ])('refuse %s', (_, change, code) => {
    const input = { secret: ascii(digitsOf(20)), counter: 1n, hash: 'SHA-1', digits: 6, ...change } as const;
    expect(() => oneTimeCode(input)).toThrow(expect.objectContaining({ code }));
    expect(() => oneTimeCode(input)).toThrow(CryptoError);
  });
});
