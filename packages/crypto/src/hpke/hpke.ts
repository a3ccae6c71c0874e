import { CryptoError, need } from '../errors.ts';
import { nativeGcmOpen, nativeGcmSeal } from '../native/aead.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import { type HpkeIds, type HpkeKeys, hpkeKeySchedule } from './key-schedule.ts';
import {
  importXwingPrivateKey,
  importXwingPublicKey,
  type XwingPrivateKey,
  type XwingPublicKey,
  xwingDecapsulate,
  xwingEncapsulate,
  xwingPublicKeyOf,
  xwingSizes,
} from './xwing.ts';

/** The one suite of this version: every stored wrap carries this name, and an unknown name is refused (CRY-9). */
export const hpkeSuite = 'HPKE-X-WING-HKDF-SHA256-AES-256-GCM';
export type HpkeSuiteId = typeof hpkeSuite;

const ids: HpkeIds = { kem: 0x647a, kdf: 0x0001, aead: 0x0002 };
const tagBytes = 16;
const bindingMax = 64 * 1024; // info and additional data are short bindings, not content
const plaintextMax = 64 * 1024 * 1024;

export interface HpkeRecipient {
  readonly suite: HpkeSuiteId;
  /** 1216 bytes: ML-KEM-768 encapsulation key, then X25519. */
  readonly publicKey: Uint8Array;
  /** The 32-byte X-Wing seed. */
  readonly privateKey: SecretBytes;
}

export interface HpkeSealed {
  readonly suite: HpkeSuiteId;
  /** 1120 bytes: ML-KEM-768 ciphertext, then the ephemeral X25519 key. */
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

export interface HpkeSealInput extends Bindings {
  readonly suite: string;
  readonly publicKey: Uint8Array;
  readonly plaintext: Uint8Array;
}

export interface HpkeOpenInput extends Bindings {
  readonly suite: string;
  readonly privateKey: SecretBytes;
  readonly enc: Uint8Array;
  readonly ciphertext: Uint8Array;
}

function needSuite(suite: string): void {
  need(suite === hpkeSuite, 'CRYPTO_SUITE_UNSUPPORTED', 'the HPKE suite is not offered');
}

function needBindings({ info, aad }: Bindings): void {
  need(info.length <= bindingMax, 'CRYPTO_LIMIT', `HPKE info holds at most ${bindingMax} bytes`);
  need(aad.length <= bindingMax, 'CRYPTO_LIMIT', `HPKE additional data holds at most ${bindingMax} bytes`);
}

function withKeys<T>(sharedSecret: SecretBytes, info: Uint8Array, use: (keys: HpkeKeys) => T): T {
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

function sealTo(publicKey: XwingPublicKey, bindings: Bindings, plaintext: Uint8Array): HpkeSealed {
  const { enc, sharedSecret } = xwingEncapsulate(publicKey);
  const ciphertext = new Uint8Array(plaintext.length + tagBytes);
  withKeys(sharedSecret, bindings.info, ({ key, baseNonce }) =>
    key.open(secretAccess, (raw) => nativeGcmSeal(raw, baseNonce, bindings.aad, plaintext, ciphertext)),
  );
  return { suite: hpkeSuite, enc, ciphertext };
}

function openWith(
  privateKey: XwingPrivateKey,
  bindings: Bindings,
  enc: Uint8Array,
  ciphertext: Uint8Array,
): Uint8Array {
  needBindings(bindings);
  need(enc.length === xwingSizes.ciphertext, 'CRYPTO_MALFORMED', 'an X-Wing encapsulated key has 1120 bytes');
  need(ciphertext.length >= tagBytes, 'CRYPTO_MALFORMED', 'the HPKE ciphertext is too short');
  need(ciphertext.length <= plaintextMax + tagBytes, 'CRYPTO_LIMIT', `HPKE opens at most ${plaintextMax} bytes`);
  const plaintext = withKeys(xwingDecapsulate(privateKey, enc), bindings.info, ({ key, baseNonce }) =>
    key.open(secretAccess, (raw) => nativeGcmOpen(raw, baseNonce, bindings.aad, ciphertext)),
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

/** A new recipient key pair: a random seed and the public key it expands to. */
export function generateRecipient(): HpkeRecipient {
  const privateKey = SecretBytes.random(xwingSizes.seed);
  return { suite: hpkeSuite, publicKey: xwingPublicKeyOf(importXwingPrivateKey(privateKey)), privateKey };
}

/** The public key of a stored recipient seed, to check that both belong together. */
export function recipientPublicKey(privateKey: SecretBytes): Uint8Array {
  return xwingPublicKeyOf(importXwingPrivateKey(privateKey));
}

/**
 * Encrypts one message to the holder of `publicKey`: HPKE base mode, single shot (RFC 9180 section 6.1) with X-Wing,
 * HKDF-SHA-256 and AES-256-GCM (ENV-4). Nothing names or proves the sender. Throws CRYPTO_SUITE_UNSUPPORTED,
 * CRYPTO_KEY_INVALID, CRYPTO_LIMIT.
 */
export function hpkeSeal({ suite, publicKey, info, aad, plaintext }: HpkeSealInput): HpkeSealed {
  needSuite(suite);
  needBindings({ info, aad });
  need(plaintext.length <= plaintextMax, 'CRYPTO_LIMIT', `HPKE seals at most ${plaintextMax} bytes`);
  return sealTo(importXwingPublicKey(publicKey), { info, aad }, plaintext);
}

/**
 * Opens what {@link hpkeSeal} wrote, with the same info and additional data. Throws CRYPTO_AUTHENTICATION_FAILED for
 * every mismatch, without telling which; CRYPTO_MALFORMED for impossible lengths; CRYPTO_SUITE_UNSUPPORTED;
 * CRYPTO_KEY_INVALID. It expands the seed each time, about 0.2 ms: see {@link RecipientKey}.
 */
export function hpkeOpen({ suite, privateKey, enc, info, aad, ciphertext }: HpkeOpenInput): Uint8Array {
  needSuite(suite);
  return openWith(importXwingPrivateKey(privateKey), { info, aad }, enc, ciphertext);
}

/**
 * A recipient's private key, expanded once, for callers that open many messages. Dispose lets go of the keys inside
 * OpenSSL; they are erased when the collector frees them, not before.
 */
export class RecipientKey implements Disposable {
  readonly suite: HpkeSuiteId = hpkeSuite;
  readonly publicKey: Uint8Array;
  #key: XwingPrivateKey | undefined;

  constructor(privateKey: SecretBytes) {
    const key = importXwingPrivateKey(privateKey);
    this.#key = key;
    this.publicKey = xwingPublicKeyOf(key);
  }

  /** {@link hpkeOpen} without expanding the seed. Throws CRYPTO_SECRET_DISPOSED after dispose. */
  open({ suite, enc, info, aad, ciphertext }: Omit<HpkeOpenInput, 'privateKey'>): Uint8Array {
    needSuite(suite);
    if (this.#key === undefined) throw new CryptoError('CRYPTO_SECRET_DISPOSED', 'the recipient key was disposed');
    return openWith(this.#key, { info, aad }, enc, ciphertext);
  }

  dispose(): void {
    this.#key = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Expands a recipient seed once. Throws CRYPTO_KEY_INVALID. */
export function importRecipient(privateKey: SecretBytes): RecipientKey {
  return new RecipientKey(privateKey);
}
