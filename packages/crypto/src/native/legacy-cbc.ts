import { createDecipheriv, createHmac } from 'node:crypto';

export type NativeLegacyHash = 'sha256' | 'sha384' | 'sha512';

// Decryption alone: nothing in the product writes CBC. The caller has verified the MAC over these very bytes.

/** Undefined when the padding is not that of PKCS#7. */
export function nativeCbcDecrypt(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | undefined {
  const decipher = createDecipheriv('aes-256-cbc', key, iv);
  const head = decipher.update(ciphertext);
  try {
    const tail = decipher.final();
    const plaintext = new Uint8Array(head.length + tail.length);
    plaintext.set(head, 0);
    plaintext.set(tail, head.length);
    tail.fill(0);
    return plaintext;
  } catch {
    return undefined;
  } finally {
    head.fill(0);
  }
}

export function nativeLegacyMac(hash: NativeLegacyHash, key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  const state = createHmac(hash, key);
  for (const part of parts) state.update(part);
  const digest = state.digest();
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.byteLength);
}
