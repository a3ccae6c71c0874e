/*
 * X-Wing: ML-KEM-768 with X25519 (draft-connolly-cfrg-xwing-kem; HPKE KEM 0x647a).
 *
 * Two dangers live in this file. ML-KEM decapsulation never fails: a tampered ciphertext yields a random-looking
 * secret, and only the AEAD that follows can notice. And Node's `encapsulate` on an X25519 key is the DHKEM of
 * RFC 9180, not raw Diffie-Hellman, so the classical half uses `diffieHellman` alone.
 */

import {
  kemDecapsulate,
  kemEncapsulate,
  type NativeKey,
  privateKeyFromRaw,
  privateKeyFromSeed,
  publicKeyFromRaw,
  rawPublicKey,
  x25519,
} from '#native/asymmetric';
import { nativeSha3Concat, nativeShake256 } from '#native/hash';
import { CryptoError, need } from '../errors.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import type { HpkeKem } from './kem.ts';

/** Sizes in bytes, fixed by the draft. */
export const xwingSizes = { seed: 32, publicKey: 1216, ciphertext: 1120, sharedSecret: 32 } as const;

const mlkemPublicKeyBytes = 1184;
const mlkemCiphertextBytes = 1088;
const mlkemSeedBytes = 64; // d || z of FIPS 203
const x25519Bytes = 32;

// The ASCII bytes of \.//^\ that separate this combiner from every other use of SHA3-256.
const label = new Uint8Array([0x5c, 0x2e, 0x2f, 0x2f, 0x5e, 0x5c]);

/** An expanded public key. Not secret; keep it for as long as it is used. */
export interface XwingPublicKey {
  readonly mlkem: NativeKey;
  readonly x25519: NativeKey;
  readonly x25519Raw: Uint8Array;
}

/** An expanded private key. The halves live in OpenSSL; letting go of this object is all that JavaScript can do. */
export interface XwingPrivateKey {
  readonly mlkem: NativeKey;
  readonly x25519: NativeKey;
  readonly x25519PublicRaw: Uint8Array;
}

function combine(mlkemSecret: Uint8Array, x25519Secret: Uint8Array, ctX: Uint8Array, pkX: Uint8Array): SecretBytes {
  return SecretBytes.take(nativeSha3Concat([mlkemSecret, x25519Secret, ctX, pkX, label]));
}

/** Expands the 32-byte seed with SHAKE-256 into both private keys. Throws CRYPTO_KEY_INVALID for another length. */
export function importXwingPrivateKey(seed: SecretBytes): XwingPrivateKey {
  need(seed.length === xwingSizes.seed, 'CRYPTO_KEY_INVALID', 'an X-Wing private key is a seed of 32 bytes');
  const expanded = seed.open(secretAccess, (raw) => nativeShake256(raw, mlkemSeedBytes + x25519Bytes));
  try {
    const classical = privateKeyFromRaw('x25519', expanded.subarray(mlkemSeedBytes));
    return {
      mlkem: privateKeyFromSeed('ml-kem-768', expanded.subarray(0, mlkemSeedBytes)),
      x25519: classical,
      x25519PublicRaw: rawPublicKey(classical),
    };
  } finally {
    expanded.fill(0);
  }
}

/** The 1216 bytes of the public key: ML-KEM-768 encapsulation key, then X25519. */
export function xwingPublicKeyOf(privateKey: XwingPrivateKey): Uint8Array {
  const out = new Uint8Array(xwingSizes.publicKey);
  out.set(rawPublicKey(privateKey.mlkem), 0);
  out.set(privateKey.x25519PublicRaw, mlkemPublicKeyBytes);
  return out;
}

/** Reads a public key and checks its ML-KEM half (FIPS 203 section 7.2). Throws CRYPTO_KEY_INVALID. */
export function importXwingPublicKey(publicKey: Uint8Array): XwingPublicKey {
  need(publicKey.length === xwingSizes.publicKey, 'CRYPTO_KEY_INVALID', 'an X-Wing public key has 1216 bytes');
  const x25519Raw = publicKey.slice(mlkemPublicKeyBytes);
  try {
    return {
      mlkem: publicKeyFromRaw('ml-kem-768', publicKey.subarray(0, mlkemPublicKeyBytes)),
      x25519: publicKeyFromRaw('x25519', x25519Raw),
      x25519Raw,
    };
  } catch (cause) {
    throw new CryptoError('CRYPTO_KEY_INVALID', 'the X-Wing public key does not decode', { cause });
  }
}

/**
 * Makes a shared secret for the holder of `publicKey`, with the ciphertext that carries it. Throws
 * CRYPTO_KEY_INVALID when the X25519 half is a point of low order, which would take the classical half away (CRY-4).
 */
export function xwingEncapsulate(publicKey: XwingPublicKey): { enc: Uint8Array; sharedSecret: SecretBytes } {
  using ephemeralSeed = SecretBytes.random(x25519Bytes);
  const ephemeral = ephemeralSeed.open(secretAccess, (raw) => privateKeyFromRaw('x25519', raw));
  const ctX = rawPublicKey(ephemeral);
  let classical: Uint8Array;
  try {
    classical = x25519(ephemeral, publicKey.x25519);
  } catch (cause) {
    throw new CryptoError('CRYPTO_KEY_INVALID', 'the X25519 half of the public key is a point of low order', { cause });
  }
  const { ciphertext, sharedKey } = kemEncapsulate(publicKey.mlkem);
  const sharedSecret = combine(sharedKey, classical, ctX, publicKey.x25519Raw);
  sharedKey.fill(0);
  classical.fill(0);
  const enc = new Uint8Array(xwingSizes.ciphertext);
  enc.set(ciphertext, 0);
  enc.set(ctX, mlkemCiphertextBytes);
  return { enc, sharedSecret };
}

/**
 * The shared secret inside `enc`. Success does *not* mean that `enc` is genuine: use the result only as the key of an
 * AEAD or of a MAC that is checked. Throws CRYPTO_MALFORMED for a wrong length, and CRYPTO_AUTHENTICATION_FAILED when
 * the X25519 half is a point of low order.
 */
export function xwingDecapsulate(privateKey: XwingPrivateKey, enc: Uint8Array): SecretBytes {
  need(enc.length === xwingSizes.ciphertext, 'CRYPTO_MALFORMED', 'an X-Wing ciphertext has 1120 bytes');
  const ctX = enc.subarray(mlkemCiphertextBytes);
  let classical: Uint8Array;
  try {
    classical = x25519(privateKey.x25519, publicKeyFromRaw('x25519', ctX));
  } catch (cause) {
    throw new CryptoError('CRYPTO_AUTHENTICATION_FAILED', 'the encapsulated key is not genuine', { cause });
  }
  const postQuantum = kemDecapsulate(privateKey.mlkem, enc.subarray(0, mlkemCiphertextBytes));
  const sharedSecret = combine(postQuantum, classical, ctX, privateKey.x25519PublicRaw);
  postQuantum.fill(0);
  classical.fill(0);
  return sharedSecret;
}

/** X-Wing in the form of every KEM of HPKE. */
export const xwingKem: HpkeKem = {
  sizes: xwingSizes,
  importKey(seed) {
    const key = importXwingPrivateKey(seed);
    return { publicKey: xwingPublicKeyOf(key), decapsulate: (enc) => xwingDecapsulate(key, enc) };
  },
  encapsulate: (publicKey) => xwingEncapsulate(importXwingPublicKey(publicKey)),
};
