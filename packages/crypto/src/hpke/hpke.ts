import { nativeAeadOpen, nativeAeadSeal } from '#native/aead-suites';
import { CryptoError, need } from '../errors.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import type { KemPrivateKey } from './kem.ts';
import { generateFresh } from './kems.ts';
import { type HpkeIds, type HpkeKeys, hpkeKeySchedule } from './key-schedule.ts';
import { hpkeSuite, hpkeSuiteOf } from './suites.ts';

const tagBytes = 16;
const bindingMax = 64 * 1024; // info and additional data are short bindings, not content
const plaintextMax = 64 * 1024 * 1024;

export interface HpkeRecipient<Suite extends string = string> {
  readonly suite: Suite;
  /** With X-Wing 1216 bytes: ML-KEM-768 encapsulation key, then X25519. */
  readonly publicKey: Uint8Array;
  /** A seed: 64 bytes for ML-KEM-1024 alone, 32 for the hybrids. */
  readonly privateKey: SecretBytes;
}

export interface HpkeSealed<Suite extends string = string> {
  readonly suite: Suite;
  /** With X-Wing 1120 bytes: ML-KEM-768 ciphertext, then the ephemeral X25519 key. */
  readonly enc: Uint8Array;
  /** Ciphertext and 16-byte tag. */
  readonly ciphertext: Uint8Array;
}

interface Bindings {
  /** What the whole exchange is about; both sides give the same bytes. */
  readonly info: Uint8Array;
  /** Additional data of the one message. */
  readonly aad: Uint8Array;
}

export interface HpkeSealInput<Suite extends string = string> extends Bindings {
  readonly suite: Suite;
  readonly publicKey: Uint8Array;
  readonly plaintext: Uint8Array;
}

export interface HpkeOpenInput extends Bindings {
  readonly suite: string;
  readonly privateKey: SecretBytes;
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
}

function needBindings({ info, aad }: Bindings): void {
  need(info.length <= bindingMax, 'CRYPTO_LIMIT', `HPKE info holds at most ${bindingMax} bytes`);
  need(aad.length <= bindingMax, 'CRYPTO_LIMIT', `HPKE additional data holds at most ${bindingMax} bytes`);
}

function withKeys<T>(ids: HpkeIds, sharedSecret: SecretBytes, info: Uint8Array, use: (keys: HpkeKeys) => T): T {
  using secret = sharedSecret;
  const keys = hpkeKeySchedule(ids, secret, info);
  try {
    return use(keys);
  } finally {
    keys.key.dispose();
    keys.exporterSecret.dispose();
    keys.baseNonce.fill(0);
  }
}

function openWith(
  suite: string,
  privateKey: KemPrivateKey,
  bindings: Bindings,
  { enc, ciphertext }: { readonly enc: Uint8Array; readonly ciphertext: Uint8Array },
): Uint8Array {
  const { ids, aead } = hpkeSuiteOf(suite);
  needBindings(bindings);
  need(ciphertext.length >= tagBytes, 'CRYPTO_MALFORMED', 'the HPKE ciphertext is too short');
  need(ciphertext.length <= plaintextMax + tagBytes, 'CRYPTO_LIMIT', `HPKE opens at most ${plaintextMax} bytes`);
  const plaintext = withKeys(ids, privateKey.decapsulate(enc), bindings.info, ({ key, baseNonce }) =>
    key.open(secretAccess, (raw) => nativeAeadOpen(aead, raw, baseNonce, bindings.aad, ciphertext)),
  );
  // A tampered `enc` also ends here: decapsulation gave some other secret, and the tag does not match under it.
  if (plaintext === undefined) {
    throw new CryptoError(
      'CRYPTO_AUTHENTICATION_FAILED',
      'the HPKE message does not open with this key, info and data',
    );
  }
  return plaintext;
}

/** A new recipient key pair: a random seed and the public key it expands to. Throws CRYPTO_SUITE_UNSUPPORTED. */
export function generateRecipient(): HpkeRecipient<typeof hpkeSuite>;
export function generateRecipient<Suite extends string>(suite: Suite): HpkeRecipient<Suite>;
export function generateRecipient(suite: string = hpkeSuite): HpkeRecipient {
  const { kem } = hpkeSuiteOf(suite);
  const { key, seed } = generateFresh(kem);
  return { suite, publicKey: key.publicKey, privateKey: seed };
}

/** The public key of a stored recipient seed, to check that both belong together. */
export function recipientPublicKey(privateKey: SecretBytes, suite: string = hpkeSuite): Uint8Array {
  return hpkeSuiteOf(suite).kem.importKey(privateKey).publicKey;
}

/**
 * Encrypts one message to the holder of `publicKey`: HPKE base mode, single shot (RFC 9180 section 6.1), with
 * AES-256-GCM or ChaCha20-Poly1305 as the suite says (ENV-4). Nothing names or proves the sender. Throws CRYPTO_SUITE_UNSUPPORTED, CRYPTO_KEY_INVALID, CRYPTO_LIMIT.
 */
export function hpkeSeal<Suite extends string>(input: HpkeSealInput<Suite>): HpkeSealed<Suite> {
  const { suite, publicKey, info, aad: binding, plaintext } = input;
  const { ids, kem, aead } = hpkeSuiteOf(suite);
  needBindings({ info, aad: binding });
  need(plaintext.length <= plaintextMax, 'CRYPTO_LIMIT', `HPKE seals at most ${plaintextMax} bytes`);
  const { enc, sharedSecret } = kem.encapsulate(publicKey);
  const ciphertext = new Uint8Array(plaintext.length + tagBytes);
  withKeys(ids, sharedSecret, info, ({ key, baseNonce }) =>
    key.open(secretAccess, (raw) => nativeAeadSeal(aead, raw, baseNonce, binding, plaintext, ciphertext)),
  );
  return { suite, enc, ciphertext };
}

/**
 * Opens what {@link hpkeSeal} wrote, with the same info and additional data. Throws CRYPTO_AUTHENTICATION_FAILED for
 * every mismatch, without telling which; CRYPTO_MALFORMED for impossible lengths; CRYPTO_SUITE_UNSUPPORTED;
 * CRYPTO_KEY_INVALID. It expands the seed each time, about 0.2 ms: see {@link RecipientKey}.
 */
export function hpkeOpen({ suite, privateKey, enc, info, aad, ciphertext }: HpkeOpenInput): Uint8Array {
  return openWith(suite, hpkeSuiteOf(suite).kem.importKey(privateKey), { info, aad }, { enc, ciphertext });
}

/**
 * A recipient's private key, expanded once, for callers that open many messages. Dispose lets go of the keys inside
 * OpenSSL; they are erased when the collector frees them, not before.
 */
export class RecipientKey implements Disposable {
  readonly suite: string;
  readonly publicKey: Uint8Array;
  #key: KemPrivateKey | undefined;

  constructor(privateKey: SecretBytes, suite: string = hpkeSuite) {
    const { id, kem } = hpkeSuiteOf(suite);
    this.suite = id;
    this.#key = kem.importKey(privateKey);
    this.publicKey = this.#key.publicKey;
  }

  /**
   * {@link hpkeOpen} without expanding the seed. A key belongs to the KEM and KDF of its suite, and opens with any AEAD: HPKE
   * derives other keys for each. A suite of another KEM or KDF is CRYPTO_SUITE_UNSUPPORTED. Throws CRYPTO_SECRET_DISPOSED after
   * dispose.
   */
  open({ suite, enc, info, aad, ciphertext }: Omit<HpkeOpenInput, 'privateKey'>): Uint8Array {
    const [own, { ids }] = [hpkeSuiteOf(this.suite).ids, hpkeSuiteOf(suite)];
    const isOwn = ids.kem === own.kem && ids.kdf === own.kdf;
    need(isOwn, 'CRYPTO_SUITE_UNSUPPORTED', 'the recipient key is for another HPKE suite');
    if (this.#key === undefined) throw new CryptoError('CRYPTO_SECRET_DISPOSED', 'the recipient key was disposed');
    return openWith(suite, this.#key, { info, aad }, { enc, ciphertext });
  }

  dispose(): void {
    this.#key = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Expands a recipient seed once. Throws CRYPTO_KEY_INVALID and CRYPTO_SUITE_UNSUPPORTED. */
export function importRecipient(privateKey: SecretBytes, suite: string = hpkeSuite): RecipientKey {
  return new RecipientKey(privateKey, suite);
}
