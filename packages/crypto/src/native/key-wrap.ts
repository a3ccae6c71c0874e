import { createCipheriv, createDecipheriv } from 'node:crypto';

/** Key wrap of NIST SP 800-38F: KW is RFC 3394, KWP (with padding) is RFC 5649. */
export type NativeKeyWrap = 'AES-256-KW' | 'AES-256-KWP';

// The initial values of the two documents, which OpenSSL wants spelled out; unwrapping compares them in constant time.
const modes = {
  'AES-256-KW': { cipher: 'id-aes256-wrap', initial: new Uint8Array(8).fill(0xa6) },
  'AES-256-KWP': { cipher: 'id-aes256-wrap-pad', initial: Uint8Array.of(0xa6, 0x59, 0x59, 0xa6) },
} as const;

function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** The caller has checked the length of `key`: OpenSSL wraps nothing, and says nothing, when it is empty. */
export function nativeWrap(name: NativeKeyWrap, kek: Uint8Array, key: Uint8Array): Uint8Array {
  const { cipher, initial } = modes[name];
  const state = createCipheriv(cipher, kek, initial);
  const wrapped = state.update(key);
  state.final();
  return plain(wrapped);
}

/** Undefined when the integrity check fails. */
export function nativeUnwrap(name: NativeKeyWrap, kek: Uint8Array, wrapped: Uint8Array): Uint8Array | undefined {
  const { cipher, initial } = modes[name];
  const state = createDecipheriv(cipher, kek, initial);
  try {
    const key = state.update(wrapped);
    state.final();
    return plain(key);
  } catch {
    return undefined;
  }
}
