import { aessiv } from '@noble/ciphers/aes.js';

/** AES-SIV of RFC 5297 with one string of additional data: `tag || ciphertext`, in the order of the document. */
export function nativeSivSeal(key: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array {
  return aessiv(key, aad).encrypt(plaintext);
}

/** Undefined when the tag does not match. */
export function nativeSivOpen(key: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  const cipher = aessiv(key, aad);
  try {
    return cipher.decrypt(sealed);
  } catch {
    return undefined;
  }
}
