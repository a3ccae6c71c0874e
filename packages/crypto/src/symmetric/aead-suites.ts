// The AEADs of CRY-1 behind one interface, for formats that name their suite and lay out their bytes themselves; `seal`
// with an encryption context is for all else.
//
// Which one: AES-256-GCM is the default. AES-256-GCM-SIV (RFC 8452) where a nonce could repeat, as in small fields of
// many rows or wrapped keys: a repeated nonce then tells only whether two plaintexts are equal, where GCM would lose its
// authentication key. ChaCha20-Poly1305 (RFC 8439) where a policy asks for it. Danger: none of the three commits to its
// key, so whoever chooses keys can make one ciphertext open under two. Never try keys in turn on one ciphertext.

import { type NativeAead, nativeAeadOpen, nativeAeadSeal } from '#native/aead-suites';
import { fillRandom } from '#native/random';
import { CryptoError, need } from '../errors.ts';
import { type SecretBytes, secretAccess } from '../secret-bytes.ts';

/** A registry id. */
export type AeadSuite = NativeAead;

export const aeadSuites: readonly AeadSuite[] = Object.freeze([
  'AES-256-GCM',
  'AES-256-GCM-SIV',
  'ChaCha20-Poly1305',
] as const);

/** In bytes, the same for every suite; every other length is refused before any work. */
export const aeadSizes = Object.freeze({
  key: 32,
  nonce: 12,
  tag: 16,
  plaintextMax: 64 * 1024 * 1024,
  aadMax: 1024 * 1024,
} as const);

/** The suite of a stored name. Throws CRYPTO_SUITE_UNSUPPORTED for every other text. */
export function aeadSuite(name: string): AeadSuite {
  const suite = aeadSuites.find((known) => known === name);
  if (suite === undefined) {
    throw new CryptoError('CRYPTO_SUITE_UNSUPPORTED', `the suite is not offered; there are ${aeadSuites.join(', ')}`);
  }
  return suite;
}

export interface AeadSealInput {
  readonly suite: AeadSuite;
  readonly key: SecretBytes;
  /** There is no default: what is not bound can be moved. */
  readonly aad: Uint8Array;
  readonly plaintext: Uint8Array;
}

export interface AeadOpenInput {
  readonly suite: AeadSuite;
  readonly key: SecretBytes;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
  /** Ciphertext and 16-byte tag. */
  readonly sealed: Uint8Array;
}

function needKeyAndAad({ suite, key, aad }: { suite: AeadSuite; key: SecretBytes; aad: Uint8Array }): void {
  aeadSuite(suite);
  need(key.length === aeadSizes.key, 'CRYPTO_KEY_INVALID', `${suite} takes a key of ${aeadSizes.key} bytes`);
  // The type has it; a caller without types could leave it out, and the cipher would then bind nothing.
  need(aad instanceof Uint8Array, 'CRYPTO_OPTION_UNSUPPORTED', 'additional data is mandatory');
  need(aad.length <= aeadSizes.aadMax, 'CRYPTO_LIMIT', `additional data holds at most ${aeadSizes.aadMax} bytes`);
}

function needNonce(suite: AeadSuite, nonce: Uint8Array): void {
  need(nonce.length === aeadSizes.nonce, 'CRYPTO_MALFORMED', `${suite} takes a nonce of ${aeadSizes.nonce} bytes`);
}

/**
 * Encrypts and authenticates `plaintext`, and authenticates `aad`, under a random nonce: use one key for fewer than 2^32
 * calls. Throws CRYPTO_KEY_INVALID, CRYPTO_LIMIT, CRYPTO_SUITE_UNSUPPORTED.
 */
export function aeadSeal(input: AeadSealInput): { nonce: Uint8Array; sealed: Uint8Array } {
  const nonce = new Uint8Array(aeadSizes.nonce);
  fillRandom(nonce);
  return { nonce, sealed: aeadSealWithNonce({ ...input, nonce }) };
}

/**
 * {@link aeadSeal} with a nonce of the caller's, for protocols that count. A nonce used twice under one key breaks
 * AES-256-GCM and ChaCha20-Poly1305 for good, and shows equal plaintexts under AES-256-GCM-SIV.
 */
export function aeadSealWithNonce(input: AeadSealInput & { readonly nonce: Uint8Array }): Uint8Array {
  needKeyAndAad(input);
  const { suite, key, nonce, aad, plaintext } = input;
  needNonce(suite, nonce);
  const { plaintextMax, tag } = aeadSizes;
  need(plaintext.length <= plaintextMax, 'CRYPTO_LIMIT', `one sealed value holds at most ${plaintextMax} bytes`);
  const sealed = new Uint8Array(plaintext.length + tag);
  key.open(secretAccess, (raw) => nativeAeadSeal(suite, raw, nonce, aad, plaintext, sealed));
  return sealed;
}

/**
 * Opens what {@link aeadSeal} wrote. Throws CRYPTO_MALFORMED for impossible lengths and CRYPTO_AUTHENTICATION_FAILED for
 * a wrong key, nonce or additional data or a changed byte, without telling which.
 */
export function aeadOpen(input: AeadOpenInput): Uint8Array {
  needKeyAndAad(input);
  const { suite, key, nonce, aad, sealed } = input;
  needNonce(suite, nonce);
  const { plaintextMax, tag } = aeadSizes;
  need(sealed.length >= tag, 'CRYPTO_MALFORMED', `${suite} writes a tag of ${tag} bytes`);
  need(sealed.length <= plaintextMax + tag, 'CRYPTO_LIMIT', `one value holds at most ${plaintextMax} bytes`);
  const plaintext = key.open(secretAccess, (raw) => nativeAeadOpen(suite, raw, nonce, aad, sealed));
  if (plaintext === undefined) {
    throw new CryptoError('CRYPTO_AUTHENTICATION_FAILED', 'the value does not open with this key, nonce and data');
  }
  return plaintext;
}
