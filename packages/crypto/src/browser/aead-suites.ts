import { gcm, gcmsiv } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';

/** The suites of CRY-1, by their registry ids. All take 32 bytes of key, 12 of nonce and 16 of tag. */
export type NativeAead = 'AES-256-GCM' | 'AES-256-GCM-SIV' | 'ChaCha20-Poly1305';

const suites = { 'AES-256-GCM': gcm, 'AES-256-GCM-SIV': gcmsiv, 'ChaCha20-Poly1305': chacha20poly1305 } as const;
const keyBytes = 32;

function cipherOf(name: NativeAead, key: Uint8Array, nonce: Uint8Array, aad: Uint8Array) {
  // The library would take AES-128 by the length of the key alone.
  if (key.length !== keyBytes) throw new RangeError('the suites take a key of 32 bytes');
  return suites[name](key, nonce, aad);
}

/** What one message is sealed under. */
export interface NativeAeadInput {
  readonly name: NativeAead;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
}

/** Writes `ciphertext || tag` into `out` from `at` on, where there is room for both. */
export function nativeAeadSealAt(
  { name, key, nonce, aad }: NativeAeadInput,
  plaintext: Uint8Array,
  out: Uint8Array,
  at: number,
): void {
  out.set(cipherOf(name, key, nonce, aad).encrypt(plaintext), at);
}

/** Writes `ciphertext || tag` into `out`, which holds exactly plaintext length + 16 bytes. */
export function nativeAeadSeal(
  name: NativeAead,
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  plaintext: Uint8Array,
  out: Uint8Array,
): void {
  out.set(cipherOf(name, key, nonce, aad).encrypt(plaintext));
}

/** Opens `ciphertext || tag`. Answers undefined when the tag does not match. */
export function nativeAeadOpen(
  name: NativeAead,
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  const cipher = cipherOf(name, key, nonce, aad);
  try {
    return cipher.decrypt(sealed);
  } catch {
    return undefined;
  }
}
