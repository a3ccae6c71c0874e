import type { SecretBytes } from '../secret-bytes.ts';

/** A private key expanded for use. Its halves live in OpenSSL; letting go of the object is all that JavaScript can do. */
export interface KemPrivateKey {
  readonly publicKey: Uint8Array;
  /**
   * The secret inside `enc`. Success does *not* mean that `enc` is genuine: use the result only as the key of an AEAD or
   * of a MAC that is checked. Throws CRYPTO_MALFORMED for a wrong length and CRYPTO_AUTHENTICATION_FAILED for a classical
   * half that is no valid point.
   */
  decapsulate(enc: Uint8Array): SecretBytes;
}

/** A fresh key, ready for use, and the seed that it is kept as. */
export interface KemKeyPair {
  readonly key: KemPrivateKey;
  readonly seed: SecretBytes;
}

/** A key encapsulation mechanism as HPKE needs it (RFC 9180 section 4), in base mode. */
export interface Kem {
  readonly sizes: { readonly seed: number; readonly publicKey: number; readonly ciphertext: number };
  /** Throws CRYPTO_KEY_INVALID. */
  importSeed(seed: SecretBytes): KemPrivateKey;
  /** A fresh key, where there is a quicker way than drawing a seed and importing it. */
  generate?(): KemKeyPair;
  /** A secret of 32 bytes for the holder of the public key. Throws CRYPTO_KEY_INVALID. */
  encapsulate(publicKey: Uint8Array): { readonly enc: Uint8Array; readonly sharedSecret: SecretBytes };
}
