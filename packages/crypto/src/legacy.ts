/*
 * Reading of legacy data (CRY-1), behind an import of its own: `@quantumvault/crypto/legacy`. A reviewer searches for that
 * name to find all code that still reads AES-CBC. There is no way to write it.
 */

import { type NativeLegacyHash, nativeCbcDecrypt, nativeLegacyMac } from '#native/legacy-cbc';
import { CryptoError, need } from './errors.ts';
import { constantTimeEqual } from './hash.ts';
import { type SecretBytes, secretAccess } from './secret-bytes.ts';

export interface LegacyCbcInput {
  readonly encryptionKey: SecretBytes;
  /** A key of its own: one key for both would void the proof that encrypt-then-MAC is safe. */
  readonly macKey: SecretBytes;
  readonly hash: NativeLegacyHash;
  readonly iv: Uint8Array;
  readonly ciphertext: Uint8Array;
  /** The HMAC, or its first half where the format cuts it (RFC 7518 section 5.2). */
  readonly tag: Uint8Array;
  /** What the format authenticates before IV and ciphertext, and after them; empty where it has nothing. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

const keyBytes = 32;
const macKeyBytes = { min: 32, max: 64 } as const;
const ivBytes = 16;
const tagBytesMin = 16;
const ciphertextMax = 64 * 1024 * 1024;
const digestBytes: Readonly<Record<NativeLegacyHash, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/**
 * Opens AES-256-CBC with PKCS#7 padding, encrypted and then authenticated by HMAC over `before || iv || ciphertext ||
 * after`. The HMAC is verified first and in constant time; without it nothing is decrypted, so no padding oracle is left.
 * Throws CRYPTO_AUTHENTICATION_FAILED, and CRYPTO_MALFORMED, CRYPTO_KEY_INVALID or CRYPTO_LIMIT before any work.
 */
export function openLegacyCbc(input: LegacyCbcInput): Uint8Array {
  const { encryptionKey, macKey, hash, iv, ciphertext, tag, before, after } = input;
  need(Object.hasOwn(digestBytes, hash), 'CRYPTO_OPTION_UNSUPPORTED', 'the HMAC is over SHA-256, SHA-384 or SHA-512');
  need(encryptionKey.length === keyBytes, 'CRYPTO_KEY_INVALID', `AES-256-CBC takes a key of ${keyBytes} bytes`);
  const isMacKey = macKey.length >= macKeyBytes.min && macKey.length <= macKeyBytes.max;
  need(isMacKey, 'CRYPTO_KEY_INVALID', `the HMAC takes a key of ${macKeyBytes.min} to ${macKeyBytes.max} bytes`);
  need(!encryptionKey.equals(macKey), 'CRYPTO_KEY_INVALID', 'encryption and HMAC take keys of their own');
  need(iv.length === ivBytes, 'CRYPTO_MALFORMED', `AES-256-CBC takes an IV of ${ivBytes} bytes`);
  const isWhole = ciphertext.length > 0 && ciphertext.length % ivBytes === 0;
  need(isWhole, 'CRYPTO_MALFORMED', 'the ciphertext is not made of whole blocks');
  need(ciphertext.length <= ciphertextMax, 'CRYPTO_LIMIT', `one value holds at most ${ciphertextMax} bytes`);
  const isTag = tag.length >= tagBytesMin && [digestBytes[hash], digestBytes[hash] / 2].includes(tag.length);
  need(isTag, 'CRYPTO_MALFORMED', 'the tag is neither the whole HMAC nor its half');
  const parts = [before, iv, ciphertext, after];
  const expected = macKey.open(secretAccess, (raw) => nativeLegacyMac(hash, raw, parts)).subarray(0, tag.length);
  if (!constantTimeEqual(expected, tag)) {
    throw new CryptoError('CRYPTO_AUTHENTICATION_FAILED', 'the legacy value does not open with these keys');
  }
  const plaintext = encryptionKey.open(secretAccess, (raw) => nativeCbcDecrypt(raw, iv, ciphertext));
  if (plaintext === undefined) {
    throw new CryptoError('CRYPTO_MALFORMED', 'the legacy value is authentic, and its padding is not that of PKCS#7');
  }
  return plaintext;
}
