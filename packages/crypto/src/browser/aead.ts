import { gcm } from '@noble/ciphers/aes.js';
import { concatBytes } from '@noble/ciphers/utils.js';

// Synchronous AES-GCM in JavaScript, for wraps and small values. Segments of streams go through bulk.ts.

const tagBytes = 16;
const keyBytes = 32;

function cipherOf(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array) {
  // The library would take AES-128 by the length of the key alone.
  if (key.length !== keyBytes) throw new RangeError('AES-256-GCM takes a key of 32 bytes');
  return gcm(key, nonce, aad);
}

/** AES-256-GCM. Writes `ciphertext || tag` into `out`, which holds exactly plaintext length + 16 bytes. */
export function nativeGcmSeal(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
  out: Uint8Array,
): void {
  out.set(cipherOf(key, nonce, aad).encrypt(plaintext));
}

/** Opens `ciphertext || tag`. Answers undefined when the tag does not match, which is looked at before decrypting. */
export function nativeGcmOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  const cipher = cipherOf(key, nonce, aad);
  try {
    return cipher.decrypt(sealed);
  } catch {
    return undefined;
  }
}

/** AES-256-GCM over a plaintext in pieces: the ciphertext in one piece, and the tag apart. */
export function nativeGcmSealPieces(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  pieces: readonly Uint8Array[],
): { readonly ciphertext: Uint8Array[]; readonly tag: Uint8Array } {
  const sealed = cipherOf(key, nonce, aad).encrypt(concatBytes(...pieces));
  const split = sealed.length - tagBytes;
  return { ciphertext: [sealed.subarray(0, split)], tag: sealed.subarray(split) };
}

/** Opens what {@link nativeGcmSealPieces} wrote, cut anywhere. Undefined when the tag is wrong. */
export function nativeGcmOpenPieces(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  pieces: readonly Uint8Array[],
  tag: Uint8Array,
): Uint8Array[] | undefined {
  if (tag.length !== tagBytes) throw new RangeError('AES-256-GCM takes a tag of 16 bytes');
  const plaintext = nativeGcmOpen(key, nonce, aad, concatBytes(...pieces, tag));
  return plaintext === undefined ? undefined : [plaintext];
}
