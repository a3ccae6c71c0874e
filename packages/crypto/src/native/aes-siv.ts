import { createCipheriv, createDecipheriv } from 'node:crypto';

const tagBytes = 16;
const options = { authTagLength: tagBytes };

// Known to OpenSSL and the runtime, but not to the type declarations: declared as the one with the same interface. SIV
// takes no nonce, which the runtime writes as null.
const name = 'aes-256-siv' as string as 'aes-256-gcm';
const noNonce = null as unknown as Uint8Array;

function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** AES-SIV of RFC 5297 with one string of additional data: `tag || ciphertext`, in the order of the document. */
export function nativeSivSeal(key: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const cipher = createCipheriv(name, key, noNonce, options);
  cipher.setAAD(aad);
  const out = new Uint8Array(tagBytes + plaintext.length);
  out.set(cipher.update(plaintext), tagBytes);
  cipher.final();
  out.set(cipher.getAuthTag(), 0);
  return out;
}

/** Undefined when the tag does not match; nothing of the plaintext survives then. */
export function nativeSivOpen(key: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  const decipher = createDecipheriv(name, key, noNonce, options);
  decipher.setAuthTag(sealed.subarray(0, tagBytes));
  decipher.setAAD(aad);
  let plaintext: Buffer | undefined;
  try {
    plaintext = decipher.update(sealed.subarray(tagBytes));
    decipher.final();
    return plain(plaintext);
  } catch {
    plaintext?.fill(0);
    return undefined;
  }
}
