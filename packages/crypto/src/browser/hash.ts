import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { sha3_256, shake128, shake256 } from '@noble/hashes/sha3.js';

/** A hash or a MAC that takes its input in parts. */
interface Incremental {
  update(part: Uint8Array): unknown;
  digest(): Uint8Array;
}

function digestOf(state: Incremental, parts: readonly Uint8Array[]): Uint8Array {
  for (const part of parts) state.update(part);
  return state.digest();
}

export function nativeSha256(bytes: Uint8Array): Uint8Array {
  return sha256(bytes);
}

export function nativeSha3(bytes: Uint8Array): Uint8Array {
  return sha3_256(bytes);
}

export function nativeSha3Concat(parts: readonly Uint8Array[]): Uint8Array {
  return digestOf(sha3_256.create(), parts);
}

/** SHAKE-128 with `length` bytes of output (FIPS 202). */
export function nativeShake128(bytes: Uint8Array, length: number): Uint8Array {
  return shake128(bytes, { dkLen: length });
}

/** SHAKE-256 with `length` bytes of output (FIPS 202). */
export function nativeShake256(bytes: Uint8Array, length: number): Uint8Array {
  return shake256(bytes, { dkLen: length });
}

export function nativeHmacSha256(key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  return digestOf(hmac.create(sha256, key), parts);
}

export function nativeSha384Concat(parts: readonly Uint8Array[]): Uint8Array {
  return digestOf(sha384.create(), parts);
}

/** A digest that grows with its input, for content that is not held in memory. */
export interface NativeDigest {
  update(bytes: Uint8Array): void;
  /** The end: nothing can be added afterwards. */
  digest(): Uint8Array;
}

export function nativeSha512Stream(): NativeDigest {
  const state = sha512.create();
  return {
    update: (bytes) => {
      state.update(bytes);
    },
    digest: () => state.digest(),
  };
}

export function nativeHmacSha384(key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  return digestOf(hmac.create(sha384, key), parts);
}

export function nativeHmacSha512(key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  return digestOf(hmac.create(sha512, key), parts);
}

export function nativeHkdfSha384(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return hkdf(sha384, ikm, salt, info, length);
}

export function nativeHkdfSha256(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return hkdf(sha256, ikm, salt, info, length);
}
