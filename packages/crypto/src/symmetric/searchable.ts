// Encryption that can be searched (CRY-7): equal values stay equal, which is the point and the leak. `leakage.ts` holds the
// warnings that go with each choice. Derive one key for each column of each tenant: under one key, equal values of two
// columns would be seen to be equal.

import { nativeSivOpen, nativeSivSeal } from '#native/aes-siv';
import { nativeHmacSha256 } from '#native/hash';
import { type EncryptionContext, encodeContext } from '../encryption-context.ts';
import { CryptoError, need } from '../errors.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';

const sivSuite = 'AES-256-SIV';
const indexSuite = 'HMAC-SHA256 blind index';
/** Two AES-256 keys: one for the synthetic nonce, one for the cipher (RFC 5297). */
const sivKeyBytes = 64;
const sivTagBytes = 16;
const plaintextMax = 64 * 1024;
const indexKeyBytes = 32;
const indexBits = { min: 8, max: 256 } as const;

export interface DeterministicSealInput {
  readonly key: SecretBytes;
  /** Bound to each value: the same plaintext under another context is another ciphertext. */
  readonly context: EncryptionContext;
  readonly plaintext: Uint8Array;
}

export interface DeterministicOpenInput {
  readonly key: SecretBytes;
  readonly context: EncryptionContext;
  readonly sealed: Uint8Array;
}

function needSivKey(key: SecretBytes): void {
  need(key.length === sivKeyBytes, 'CRYPTO_KEY_INVALID', `${sivSuite} takes a key of ${sivKeyBytes} bytes`);
}

/** A key for {@link deterministicSeal}. */
export function generateDeterministicKey(): SecretBytes {
  return SecretBytes.random(sivKeyBytes);
}

/**
 * AES-SIV (RFC 5297): the same key, context and plaintext always give the same bytes, 16 over the plaintext, so a
 * database can compare and index them. Throws CRYPTO_KEY_INVALID, CRYPTO_CONTEXT_INVALID, CRYPTO_LIMIT.
 */
export function deterministicSeal({ key, context, plaintext }: DeterministicSealInput): Uint8Array {
  needSivKey(key);
  need(plaintext.length <= plaintextMax, 'CRYPTO_LIMIT', `a searchable value holds at most ${plaintextMax} bytes`);
  const aad = encodeContext(sivSuite, context);
  return key.open(secretAccess, (raw) => nativeSivSeal(raw, aad, plaintext));
}

/** Opens what {@link deterministicSeal} wrote. Throws CRYPTO_MALFORMED and CRYPTO_AUTHENTICATION_FAILED. */
export function deterministicOpen({ key, context, sealed }: DeterministicOpenInput): Uint8Array {
  needSivKey(key);
  need(sealed.length >= sivTagBytes, 'CRYPTO_MALFORMED', 'the value is too short');
  need(sealed.length <= plaintextMax + sivTagBytes, 'CRYPTO_LIMIT', `a value holds at most ${plaintextMax} bytes`);
  const aad = encodeContext(sivSuite, context);
  const plaintext = key.open(secretAccess, (raw) => nativeSivOpen(raw, aad, sealed));
  if (plaintext === undefined) {
    throw new CryptoError('CRYPTO_AUTHENTICATION_FAILED', 'the value does not open with this key and context');
  }
  return plaintext;
}

export interface BlindIndexInput {
  readonly key: SecretBytes;
  readonly context: EncryptionContext;
  /** The caller's one spelling of the value: case, spaces and Unicode form are the policy's to settle. */
  readonly value: Uint8Array;
  /** How many bits remain. Fewer give more false hits and less to count; the policy of the column chooses. */
  readonly bits: number;
}

/**
 * A keyed index of a value that is stored beside its (randomized) ciphertext: HMAC-SHA-256, cut to `bits`. The last byte
 * has zeros where bits were cut. Throws CRYPTO_KEY_INVALID, CRYPTO_CONTEXT_INVALID, CRYPTO_LIMIT.
 */
export function blindIndex({ key, context, value, bits }: BlindIndexInput): Uint8Array {
  need(key.length === indexKeyBytes, 'CRYPTO_KEY_INVALID', `a blind index takes a key of ${indexKeyBytes} bytes`);
  const isSized = Number.isSafeInteger(bits) && bits >= indexBits.min && bits <= indexBits.max;
  need(isSized, 'CRYPTO_LIMIT', `a blind index has ${indexBits.min} to ${indexBits.max} bits`);
  need(value.length <= plaintextMax, 'CRYPTO_LIMIT', `a searchable value holds at most ${plaintextMax} bytes`);
  // The context marks its own end, so no context and value can share their bytes with another pair.
  const encoded = encodeContext(indexSuite, context);
  const index = key.open(secretAccess, (raw) => nativeHmacSha256(raw, [encoded, value])).slice(0, Math.ceil(bits / 8));
  const cut = index.length * 8 - bits;
  const last = index.length - 1;
  index[last] = ((index[last] ?? 0) >> cut) << cut;
  return index;
}
