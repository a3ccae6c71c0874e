/*
 * ML-KEM-1024 alone (HPKE KEM 0x0042) and with P-384 (MLKEM1024-P384 of draft-irtf-cfrg-concrete-hybrid-kems, 0x0051).
 *
 * The danger of xwing.ts lives here too: ML-KEM decapsulation never fails, and only the AEAD that follows notices a
 * tampered ciphertext.
 */
import { CryptoError, need } from '../errors.ts';
import {
  agree,
  generateP384,
  kemDecapsulate,
  kemEncapsulate,
  type NativeKey,
  p384PrivateKeyFromRaw,
  p384PublicKeyFromPoint,
  privateKeyFromSeed,
  publicKeyFromRaw,
  rawPublicKey,
} from '../native/asymmetric.ts';
import { nativeSha3Concat, nativeShake256 } from '../native/hash.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import type { Kem, KemPrivateKey } from './kem.ts';

const mlkemBytes = 1568; // public key and ciphertext alike
const mlkemSeedBytes = 64; // d || z of FIPS 203
const pointBytes = 97;
const scalarBytes = 48;
const hybridLabel = new TextEncoder().encode('MLKEM1024-P384');
const hybridSeedBytes = 32;

function needSeed(seed: SecretBytes, bytes: number): void {
  need(seed.length === bytes, 'CRYPTO_KEY_INVALID', `the private key is a seed of ${bytes} bytes`);
}

function needCiphertext(enc: Uint8Array, bytes: number): void {
  need(enc.length === bytes, 'CRYPTO_MALFORMED', `the encapsulated key has ${bytes} bytes`);
}

function importPublicKey(publicKey: Uint8Array, bytes: number): { mlkem: NativeKey; point: NativeKey | undefined } {
  need(publicKey.length === bytes, 'CRYPTO_KEY_INVALID', `the public key has ${bytes} bytes`);
  try {
    const mlkem = publicKeyFromRaw('ml-kem-1024', publicKey.subarray(0, mlkemBytes));
    const point = bytes > mlkemBytes ? p384PublicKeyFromPoint(publicKey.subarray(mlkemBytes)) : undefined;
    return { mlkem, point };
  } catch (cause) {
    throw new CryptoError('CRYPTO_KEY_INVALID', 'the public key does not decode', { cause });
  }
}

/** For the profile of CNSA 2.0, which wants no classical half. The private key is the 64-byte seed of FIPS 203. */
export const mlkem1024: Kem = {
  sizes: { seed: mlkemSeedBytes, publicKey: mlkemBytes, ciphertext: mlkemBytes },

  importSeed(seed): KemPrivateKey {
    needSeed(seed, mlkemSeedBytes);
    const key = seed.open(secretAccess, (raw) => privateKeyFromSeed('ml-kem-1024', raw));
    return {
      publicKey: rawPublicKey(key),
      decapsulate(enc) {
        needCiphertext(enc, mlkemBytes);
        return SecretBytes.take(kemDecapsulate(key, enc));
      },
    };
  },

  encapsulate(publicKey) {
    const { ciphertext, sharedKey } = kemEncapsulate(importPublicKey(publicKey, mlkemBytes).mlkem);
    return { enc: ciphertext, sharedSecret: SecretBytes.take(sharedKey) };
  },
};

/** The C2PRI combiner: ML-KEM binds its own ciphertext, so only the classical half's is hashed. */
function combine(mlkemSecret: Uint8Array, p384Secret: Uint8Array, ct: Uint8Array, ek: Uint8Array): SecretBytes {
  const secret = SecretBytes.take(nativeSha3Concat([mlkemSecret, p384Secret, ct, ek, hybridLabel]));
  mlkemSecret.fill(0);
  p384Secret.fill(0);
  return secret;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

/** Both halves of category 5. The private key is a seed of 32 bytes. */
export const mlkem1024P384: Kem = {
  sizes: { seed: hybridSeedBytes, publicKey: mlkemBytes + pointBytes, ciphertext: mlkemBytes + pointBytes },

  importSeed(seed): KemPrivateKey {
    needSeed(seed, hybridSeedBytes);
    const expanded = seed.open(secretAccess, (raw) => nativeShake256(raw, mlkemSeedBytes + scalarBytes));
    try {
      const mlkem = privateKeyFromSeed('ml-kem-1024', expanded.subarray(0, mlkemSeedBytes));
      // The draft refuses a scalar outside the order, and so does OpenSSL; no seed with one will ever be seen (2^-190).
      const p384 = p384PrivateKeyFromRaw(expanded.subarray(mlkemSeedBytes));
      return hybridPrivateKey(mlkem, p384);
    } catch (cause) {
      throw new CryptoError('CRYPTO_KEY_INVALID', 'the seed expands to no valid key', { cause });
    } finally {
      expanded.fill(0);
    }
  },

  encapsulate(publicKey) {
    const { mlkem, point } = importPublicKey(publicKey, mlkemBytes + pointBytes);
    if (point === undefined) throw new CryptoError('CRYPTO_KEY_INVALID', 'the public key has no classical half');
    const ephemeral = generateP384();
    const ephemeralPoint = rawPublicKey(ephemeral);
    const classical = agree(ephemeral, point);
    const { ciphertext, sharedKey } = kemEncapsulate(mlkem);
    const sharedSecret = combine(sharedKey, classical, ephemeralPoint, publicKey.subarray(mlkemBytes));
    return { enc: joined(ciphertext, ephemeralPoint), sharedSecret };
  },
};

function hybridPrivateKey(mlkem: NativeKey, p384: NativeKey): KemPrivateKey {
  const point = rawPublicKey(p384);
  return {
    publicKey: joined(rawPublicKey(mlkem), point),
    decapsulate(enc) {
      needCiphertext(enc, mlkemBytes + pointBytes);
      const ephemeralPoint = enc.subarray(mlkemBytes);
      let classical: Uint8Array;
      try {
        // OpenSSL refuses a point that is not on the curve.
        classical = agree(p384, p384PublicKeyFromPoint(ephemeralPoint));
      } catch (cause) {
        throw new CryptoError('CRYPTO_AUTHENTICATION_FAILED', 'the encapsulated key is not genuine', { cause });
      }
      return combine(kemDecapsulate(mlkem, enc.subarray(0, mlkemBytes)), classical, ephemeralPoint, point);
    },
  };
}
