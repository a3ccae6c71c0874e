import {
  type NativeTlsCipher,
  nativeOpenTlsRecord,
  nativeTlsHash,
  nativeTlsMac,
  nativeTlsTagBytes,
} from '#native/tls-record';
import { CryptoError, need } from './errors.ts';

/** The hashes of the TLS 1.3 cipher suites (RFC 8446 appendix B.4). */
export type TlsHash = 'sha256' | 'sha384';

/** The record protections of the TLS 1.3 cipher suites, by their registry ids. */
export type TlsCipher = NativeTlsCipher;

const keyBytes: Readonly<Record<TlsCipher, number>> = {
  'AES-128-GCM': 16,
  'AES-256-GCM': 32,
  'ChaCha20-Poly1305': 32,
  'AES-128-CCM': 16,
  'AES-128-CCM-8': 16,
};

const nonceBytes = 12;
// RFC 8446 section 5.2: 2^14 bytes and 256 of expansion.
const sealedMax = 16_384 + 256;

/**
 * The transcript hash of a TLS handshake. This and the two functions below are what a reader of the handshake needs and
 * no more: there is no way here to write a protected record.
 */
export function tlsHash(hash: TlsHash, bytes: Uint8Array): Uint8Array {
  return nativeTlsHash(hash, bytes);
}

/** HMAC with a TLS hash: the one operation that HKDF-Extract, HKDF-Expand-Label and Finished are made of. */
export function tlsMac(hash: TlsHash, key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return nativeTlsMac(hash, key, bytes);
}

export interface TlsRecordInput {
  readonly cipher: TlsCipher;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
  readonly sealed: Uint8Array;
}

/** The length of the key of a record protection, in bytes. */
export function tlsKeyBytes(cipher: TlsCipher): number {
  return keyBytes[cipher];
}

/**
 * Opens one protected TLS 1.3 record. Throws CRYPTO_KEY_INVALID for a key or nonce of the wrong length,
 * CRYPTO_MALFORMED for a record that cannot be one, CRYPTO_AUTHENTICATION_FAILED for a changed byte or a wrong key.
 */
export function openTlsRecord(input: TlsRecordInput): Uint8Array {
  const isKeyed = input.key.length === keyBytes[input.cipher] && input.nonce.length === nonceBytes;
  need(isKeyed, 'CRYPTO_KEY_INVALID', 'a TLS record opens with a key and a nonce of its cipher');
  const { length } = input.sealed;
  need(length >= nativeTlsTagBytes(input.cipher), 'CRYPTO_MALFORMED', 'the record is shorter than its tag');
  need(length <= sealedMax, 'CRYPTO_MALFORMED', 'the record is longer than TLS allows');
  const plaintext = nativeOpenTlsRecord(input);
  if (plaintext === undefined) {
    throw new CryptoError('CRYPTO_AUTHENTICATION_FAILED', 'the record does not open with this key');
  }
  return plaintext;
}
