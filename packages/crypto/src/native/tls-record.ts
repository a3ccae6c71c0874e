import { createDecipheriv, createHmac, hash } from 'node:crypto';

export type NativeTlsHash = 'sha256' | 'sha384';
export type NativeTlsCipher = 'AES-128-GCM' | 'AES-256-GCM' | 'ChaCha20-Poly1305' | 'AES-128-CCM' | 'AES-128-CCM-8';

function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

export function nativeTlsHash(name: NativeTlsHash, bytes: Uint8Array): Uint8Array {
  return plain(hash(name, bytes, 'buffer'));
}

export function nativeTlsMac(name: NativeTlsHash, key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return plain(createHmac(name, key).update(bytes).digest());
}

export interface NativeTlsRecord {
  readonly cipher: NativeTlsCipher;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
  /** `ciphertext || tag`, at least as long as the tag. */
  readonly sealed: Uint8Array;
}

export function nativeTlsTagBytes(cipher: NativeTlsCipher): number {
  return cipher === 'AES-128-CCM-8' ? 8 : 16;
}

/** Answers undefined when the tag does not match. */
export function nativeOpenTlsRecord({ cipher, key, nonce, aad, sealed }: NativeTlsRecord): Uint8Array | undefined {
  const tagBytes = nativeTlsTagBytes(cipher);
  const split = sealed.length - tagBytes;
  const options = { authTagLength: tagBytes };
  const isCcm = cipher === 'AES-128-CCM' || cipher === 'AES-128-CCM-8';
  const decipher = isCcm
    ? createDecipheriv('aes-128-ccm', key, nonce, options)
    : cipher === 'ChaCha20-Poly1305'
      ? createDecipheriv('chacha20-poly1305', key, nonce, options)
      : createDecipheriv(cipher === 'AES-128-GCM' ? 'aes-128-gcm' : 'aes-256-gcm', key, nonce, options);
  decipher.setAuthTag(sealed.subarray(split));
  decipher.setAAD(aad, { plaintextLength: split });
  try {
    // CCM checks its tag in `update`, the others in `final`.
    const plaintext = decipher.update(sealed.subarray(0, split));
    decipher.final();
    return plain(plaintext);
  } catch {
    return undefined;
  }
}
