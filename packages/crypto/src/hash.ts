import {
  nativeHkdfSha256,
  nativeHkdfSha384,
  nativeHmacSha256,
  nativeHmacSha384,
  nativeSha3,
  nativeSha3Concat,
  nativeSha256,
  nativeSha384Concat,
  nativeSha512Stream,
} from '#native/hash';
import { equalSameLength, fillRandom } from '#native/random';
import { need } from './errors.ts';
import { SecretBytes, secretAccess } from './secret-bytes.ts';

const randomLengthMax = 1024 * 1024;
const hkdfBlocksMax = 255; // RFC 5869
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

/** SHA-384 (FIPS 180-4) over the concatenation of `parts`, 48 bytes. It does *not* mark where a part ends. */
export function sha384Concat(parts: readonly Uint8Array[]): Uint8Array {
  return nativeSha384Concat(parts);
}

/** SHA-512 (FIPS 180-4) of content that arrives in pieces. */
export class Sha512 {
  readonly #state = nativeSha512Stream();

  /** The bytes are read before it returns, so their memory may be used again. */
  update(bytes: Uint8Array): void {
    this.#state.update(bytes);
  }

  /** 64 bytes. It is called once, at the end. */
  digest(): Uint8Array {
    return this.#state.digest();
  }
}

/** HMAC-SHA-256 (RFC 2104), 32 bytes. Compare tags with {@link constantTimeEqual}. */
export function hmacSha256(key: SecretBytes, bytes: Uint8Array): Uint8Array {
  return key.open(secretAccess, (raw) => nativeHmacSha256(raw, [bytes]));
}

/** HMAC-SHA-384 (RFC 2104), 48 bytes. Compare tags with {@link constantTimeEqual}. */
export function hmacSha384(key: SecretBytes, bytes: Uint8Array): Uint8Array {
  return key.open(secretAccess, (raw) => nativeHmacSha384(raw, [bytes]));
}

export interface HkdfInput {
  readonly ikm: SecretBytes;
  readonly salt: Uint8Array;
  readonly info: Uint8Array;
  /** Bytes wanted: 1 to 8160 with SHA-256, to 12,240 with SHA-384. */
  readonly length: number;
}

export function needHkdf({ info, length }: HkdfInput, hashBytes: number): void {
  need(Number.isSafeInteger(length) && length >= 1, 'CRYPTO_LIMIT', 'HKDF gives at least one byte');
  const lengthMax = hkdfBlocksMax * hashBytes;
  need(length <= lengthMax, 'CRYPTO_LIMIT', `HKDF with this hash gives at most ${lengthMax} bytes`);
  need(info.length <= hkdfInfoMax, 'CRYPTO_LIMIT', `HKDF info holds at most ${hkdfInfoMax} bytes`);
}

/** HKDF-SHA-256 (RFC 5869), extract and expand. Throws CRYPTO_LIMIT for a length or info outside its bounds. */
export function hkdfSha256(input: HkdfInput): SecretBytes {
  needHkdf(input, 32);
  const { ikm, salt, info, length } = input;
  return ikm.open(secretAccess, (raw) => SecretBytes.take(nativeHkdfSha256(raw, salt, info, length)));
}

/** HKDF-SHA-384 (RFC 5869), extract and expand. Throws CRYPTO_LIMIT for a length or info outside its bounds. */
export function hkdfSha384(input: HkdfInput): SecretBytes {
  needHkdf(input, 48);
  const { ikm, salt, info, length } = input;
  return ikm.open(secretAccess, (raw) => SecretBytes.take(nativeHkdfSha384(raw, salt, info, length)));
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
