import { aeskw, aeskwp } from '@noble/ciphers/aes.js';

/** Key wrap of NIST SP 800-38F: KW is RFC 3394, KWP (with padding) is RFC 5649. */
export type NativeKeyWrap = 'AES-256-KW' | 'AES-256-KWP';

const modes = { 'AES-256-KW': aeskw, 'AES-256-KWP': aeskwp } as const;

/** The caller has checked the lengths of `kek` and `key`. */
export function nativeWrap(name: NativeKeyWrap, kek: Uint8Array, key: Uint8Array): Uint8Array {
  return modes[name](kek).encrypt(key);
}

/** Undefined when the integrity check fails. */
export function nativeUnwrap(name: NativeKeyWrap, kek: Uint8Array, wrapped: Uint8Array): Uint8Array | undefined {
  const cipher = modes[name](kek);
  try {
    return cipher.decrypt(wrapped);
  } catch {
    return undefined;
  }
}
