import { need } from './errors.ts';
import { nativeHkdfSha256, nativeHmacSha256, nativeSha3, nativeSha3Concat, nativeSha256 } from './native/hash.ts';
import { equalSameLength, fillRandom } from './native/random.ts';
import { SecretBytes, secretAccess } from './secret-bytes.ts';

const randomLengthMax = 1024 * 1024;
const hkdfLengthMax = 255 * 32; // RFC 5869: at most 255 blocks of the hash
const hkdfInfoMax = 1024; // OpenSSL takes no more

/** SHA-256 (FIPS 180-4), 32 bytes. Synchronous: a leaf of 300 bytes takes one to two microseconds. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nativeSha256(bytes);
}

/** SHA3-256 (FIPS 202), 32 bytes. */
export function sha3_256(bytes: Uint8Array): Uint8Array {
  return nativeSha3(bytes);
}

/**
 * SHA3-256 over the concatenation of `parts`, without building it. It does *not* mark where a part ends: callers that
 * hash variable parts put their lengths in.
 */
export function sha3_256Concat(parts: readonly Uint8Array[]): Uint8Array {
  return nativeSha3Concat(parts);
}

/** HMAC-SHA-256 (RFC 2104), 32 bytes. Compare tags with {@link constantTimeEqual}. */
export function hmacSha256(key: SecretBytes, bytes: Uint8Array): Uint8Array {
  return key.open(secretAccess, (raw) => nativeHmacSha256(raw, [bytes]));
}

export interface HkdfInput {
  readonly ikm: SecretBytes;
  readonly salt: Uint8Array;
  readonly info: Uint8Array;
  /** Bytes wanted, 1 to 8160. */
  readonly length: number;
}

/** HKDF-SHA-256 (RFC 5869), extract and expand. Throws CRYPTO_LIMIT for a length or info outside its bounds. */
export function hkdfSha256({ ikm, salt, info, length }: HkdfInput): SecretBytes {
  need(Number.isSafeInteger(length) && length >= 1, 'CRYPTO_LIMIT', 'HKDF gives at least one byte');
  need(length <= hkdfLengthMax, 'CRYPTO_LIMIT', `HKDF-SHA-256 gives at most ${hkdfLengthMax} bytes`);
  need(info.length <= hkdfInfoMax, 'CRYPTO_LIMIT', `HKDF info holds at most ${hkdfInfoMax} bytes`);
  return ikm.open(secretAccess, (raw) => SecretBytes.take(nativeHkdfSha256(raw, salt, info, length)));
}

/**
 * Compares two byte strings with work that depends on the length of `a` alone. Different lengths are unequal, after
 * the same comparison.
 */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
  const sameLength = a.length === b.length;
  return equalSameLength(a, sameLength ? b : a) && sameLength;
}

/** `length` bytes of the operating system's generator, for values that are not secret; else {@link SecretBytes.random}. */
export function randomBytes(length: number): Uint8Array {
  need(Number.isSafeInteger(length) && length >= 0, 'CRYPTO_MALFORMED', 'random bytes need a whole number of bytes');
  need(length <= randomLengthMax, 'CRYPTO_LIMIT', `at most ${randomLengthMax} random bytes at once`);
  const bytes = new Uint8Array(length);
  fillRandom(bytes);
  return bytes;
}
