import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { kmac256 } from '@noble/hashes/sha3-addons.js';

export { nativeHmacSha512 } from './hash.ts';

/** For one-time codes alone (RFC 4226). */
export function nativeHmacSha1(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return hmac(sha1, key, bytes);
}

export function nativeHkdfSha512(ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return hkdf(sha512, ikm, salt, info, length);
}

/** KMAC256 of NIST SP 800-185, not the XOF: the length is part of what is authenticated. */
export function nativeKmac256(
  key: Uint8Array,
  bytes: Uint8Array,
  customization: Uint8Array,
  outputLength: number,
): Uint8Array {
  return kmac256(key, bytes, { dkLen: outputLength, personalization: customization });
}
