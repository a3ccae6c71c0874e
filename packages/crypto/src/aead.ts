import { nativeGcmOpen, nativeGcmSeal } from '#native/aead';
import { fillRandom } from '#native/random';
import { type EncryptionContext, encodeContext } from './encryption-context.ts';
import { CryptoError, need } from './errors.ts';
import { SecretBytes, secretAccess } from './secret-bytes.ts';

// CRY-1: 256-bit keys, 96-bit nonces and 128-bit tags alone; every other length is refused before any work.
const suite = 'AES-256-GCM';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const plaintextMax = 64 * 1024 * 1024;

/** A ciphertext that names its suite. `bytes` = nonce (12) || ciphertext || tag (16): 28 bytes over the plaintext. */
export type Sealed = { readonly suite: 'AES-256-GCM'; readonly bytes: Uint8Array };

export interface SealInput {
  readonly key: SecretBytes;
  readonly context: EncryptionContext;
  readonly plaintext: Uint8Array;
}

export interface UnsealInput {
  readonly key: SecretBytes;
  readonly context: EncryptionContext;
  /** The suite is a plain string here because it usually comes from storage. */
  readonly sealed: { readonly suite: string; readonly bytes: Uint8Array };
}

function needKey(key: SecretBytes): void {
  need(key.length === keyBytes, 'CRYPTO_KEY_INVALID', 'AES-256-GCM takes a key of 32 bytes');
}

/**
 * Encrypts and authenticates `plaintext` and binds it to `context` and the suite (AES-256-GCM, NIST SP 800-38D).
 * The nonce is random: use one key for fewer than 2^32 calls. GCM does not commit to its key, so never try keys in
 * turn on one ciphertext. Throws CRYPTO_KEY_INVALID, CRYPTO_CONTEXT_INVALID, CRYPTO_LIMIT.
 */
export function seal({ key, context, plaintext }: SealInput): Sealed {
  needKey(key);
  need(plaintext.length <= plaintextMax, 'CRYPTO_LIMIT', `one sealed value holds at most ${plaintextMax} bytes`);
  const aad = encodeContext(suite, context);
  const bytes = new Uint8Array(nonceBytes + plaintext.length + tagBytes);
  const nonce = bytes.subarray(0, nonceBytes);
  fillRandom(nonce);
  key.open(secretAccess, (raw) => nativeGcmSeal(raw, nonce, aad, plaintext, bytes.subarray(nonceBytes)));
  return { suite, bytes };
}

/**
 * Opens what {@link seal} wrote, with the same key and an equal context. Throws CRYPTO_SUITE_UNSUPPORTED for another
 * suite, CRYPTO_MALFORMED for an impossible length, and CRYPTO_AUTHENTICATION_FAILED for a wrong key, a wrong context
 * or a changed byte, without telling which.
 */
export function unseal({ key, context, sealed }: UnsealInput): Uint8Array {
  need(sealed.suite === suite, 'CRYPTO_SUITE_UNSUPPORTED', 'the sealed value names a suite that is not offered');
  needKey(key);
  need(sealed.bytes.length >= nonceBytes + tagBytes, 'CRYPTO_MALFORMED', 'the sealed value is too short');
  need(
    sealed.bytes.length <= nonceBytes + plaintextMax + tagBytes,
    'CRYPTO_LIMIT',
    `one sealed value holds at most ${plaintextMax} bytes`,
  );
  const aad = encodeContext(suite, context);
  const nonce = sealed.bytes.subarray(0, nonceBytes);
  const plaintext = key.open(secretAccess, (raw) => nativeGcmOpen(raw, nonce, aad, sealed.bytes.subarray(nonceBytes)));
  if (plaintext === undefined) {
    throw new CryptoError('CRYPTO_AUTHENTICATION_FAILED', 'the sealed value does not open with this key and context');
  }
  return plaintext;
}

/** {@link unseal} for a wrapped key: the plaintext goes straight into {@link SecretBytes}. */
export function unsealSecret(input: UnsealInput): SecretBytes {
  return SecretBytes.take(unseal(input));
}

export interface GcmSealInput {
  readonly key: SecretBytes;
  /** There is no default: what is not bound can be moved. */
  readonly aad: Uint8Array;
  readonly plaintext: Uint8Array;
}

export interface GcmOpenInput {
  readonly key: SecretBytes;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
  /** Ciphertext and 16-byte tag. */
  readonly sealed: Uint8Array;
}

/**
 * AES-256-GCM for formats that name their suite and lay out their bytes themselves; {@link seal} is for all else. The
 * nonce is random: use one key for fewer than 2^32 calls. Throws CRYPTO_KEY_INVALID and CRYPTO_LIMIT.
 */
export function gcmSeal({ key, aad, plaintext }: GcmSealInput): { nonce: Uint8Array; sealed: Uint8Array } {
  needKey(key);
  need(plaintext.length <= plaintextMax, 'CRYPTO_LIMIT', `one sealed value holds at most ${plaintextMax} bytes`);
  const nonce = new Uint8Array(nonceBytes);
  fillRandom(nonce);
  const sealed = new Uint8Array(plaintext.length + tagBytes);
  key.open(secretAccess, (raw) => nativeGcmSeal(raw, nonce, aad, plaintext, sealed));
  return { nonce, sealed };
}

/** Opens what {@link gcmSeal} wrote. Throws CRYPTO_MALFORMED for impossible lengths and CRYPTO_AUTHENTICATION_FAILED. */
export function gcmOpen({ key, nonce, aad, sealed }: GcmOpenInput): Uint8Array {
  needKey(key);
  const isSized = nonce.length === nonceBytes && sealed.length >= tagBytes;
  need(isSized, 'CRYPTO_MALFORMED', 'AES-256-GCM takes a nonce of 12 bytes and a tag of 16');
  need(sealed.length <= plaintextMax + tagBytes, 'CRYPTO_LIMIT', `one value holds at most ${plaintextMax} bytes`);
  const plaintext = key.open(secretAccess, (raw) => nativeGcmOpen(raw, nonce, aad, sealed));
  if (plaintext === undefined) {
    throw new CryptoError('CRYPTO_AUTHENTICATION_FAILED', 'the value does not open with this key, nonce and data');
  }
  return plaintext;
}
