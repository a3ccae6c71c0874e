import type { SecretBytes } from '../secret-bytes.ts';

/** A private key expanded for use. Its halves live in OpenSSL; letting go of the object is all that JavaScript can do. */
export interface KemPrivateKey {
  readonly publicKey: Uint8Array;
  /**
   * The secret inside `enc`. Success does *not* mean that `enc` is genuine: use the result only as the key of an AEAD or
   * of a MAC that is checked. Throws CRYPTO_MALFORMED for a wrong length and CRYPTO_AUTHENTICATION_FAILED for a classical
   * half that is no valid point or no genuine ciphertext.
   */
  decapsulate(enc: Uint8Array): SecretBytes;
}

/** A secret for the holder of a public key, and what carries it there. */
export interface Encapsulation {
  readonly enc: Uint8Array;
  /** Of 32 bytes; with DHKEM as many as its hash has. */
  readonly sharedSecret: SecretBytes;
}

/** A key encapsulation mechanism. Both halves of a hybrid are needed in every call (CRY-4). */
export interface Kem {
  /** Reads the private key in its one stored form: a seed, a scalar, or a seed and a classical key. Throws CRYPTO_KEY_INVALID. */
  importKey(privateKey: SecretBytes): KemPrivateKey;
  /** Throws CRYPTO_KEY_INVALID. */
  encapsulate(publicKey: Uint8Array): Encapsulation;
}

/** A fresh key, ready for use, and the form in which it is kept: a seed, or what else the KEM imports. */
export interface KemKeyPair {
  readonly key: KemPrivateKey;
  readonly seed: SecretBytes;
}

/** A KEM as HPKE needs it (RFC 9180 section 4), in base mode: all its lengths are fixed, and a key is made at once. */
export interface HpkeKem extends Kem {
  readonly sizes: { readonly seed: number; readonly publicKey: number; readonly ciphertext: number };
  /** A fresh key, where there is a quicker or another way than drawing a seed and importing it. */
  generate?(): KemKeyPair;
}
