import { createCipheriv, createDecipheriv } from 'node:crypto';

/** The suites of CRY-1, by their registry ids. All take 32 bytes of key, 12 of nonce and 16 of tag. */
export type NativeAead = 'AES-256-GCM' | 'AES-256-GCM-SIV' | 'ChaCha20-Poly1305';

const tagBytes = 16;
const options = { authTagLength: tagBytes };

interface Sealer {
  setAAD(aad: Uint8Array): unknown;
  update(plaintext: Uint8Array): Buffer;
  final(): Buffer;
  getAuthTag(): Buffer;
}

interface Opener {
  setAAD(aad: Uint8Array): unknown;
  setAuthTag(tag: Uint8Array): unknown;
  update(ciphertext: Uint8Array): Buffer;
  final(): Buffer;
}

// The runtime's type declarations do not know GCM-SIV yet, though OpenSSL and the runtime do: it is declared as the GCM
// whose interface it has. Wycheproof's and RFC 8452's answers in the tests show that it is the right cipher.
const sivName = 'aes-256-gcm-siv' as string as 'aes-256-gcm';

function sealer(name: NativeAead, key: Uint8Array, nonce: Uint8Array): Sealer {
  switch (name) {
    case 'AES-256-GCM':
      return createCipheriv('aes-256-gcm', key, nonce, options);
    case 'AES-256-GCM-SIV':
      return createCipheriv(sivName, key, nonce, options);
    case 'ChaCha20-Poly1305':
      return createCipheriv('chacha20-poly1305', key, nonce, options);
  }
}

function opener(name: NativeAead, key: Uint8Array, nonce: Uint8Array): Opener {
  switch (name) {
    case 'AES-256-GCM':
      return createDecipheriv('aes-256-gcm', key, nonce, options);
    case 'AES-256-GCM-SIV':
      return createDecipheriv(sivName, key, nonce, options);
    case 'ChaCha20-Poly1305':
      return createDecipheriv('chacha20-poly1305', key, nonce, options);
  }
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
  const cipher = sealer(name, key, nonce);
  cipher.setAAD(aad);
  // One call with everything: GCM-SIV reads the plaintext twice and takes no second piece.
  out.set(cipher.update(plaintext), at);
  cipher.final();
  out.set(cipher.getAuthTag(), at + plaintext.length);
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
  nativeAeadSealAt({ name, key, nonce, aad }, plaintext, out, 0);
}

/** Opens `ciphertext || tag`. Answers undefined when the tag does not match; nothing of the plaintext survives then. */
export function nativeAeadOpen(
  name: NativeAead,
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Uint8Array | undefined {
  const split = sealed.length - tagBytes;
  const decipher = opener(name, key, nonce);
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(split));
  const plaintext = decipher.update(sealed.subarray(0, split));
  try {
    decipher.final();
  } catch {
    // OpenSSL hands out the decrypted bytes before it has checked the tag; they must not outlive the refusal.
    plaintext.fill(0);
    return undefined;
  }
  return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength);
}
