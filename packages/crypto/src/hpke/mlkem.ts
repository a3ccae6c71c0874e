/*
 * ML-KEM alone (FIPS 203), and with a curve of NIST (draft-irtf-cfrg-concrete-hybrid-kems). X-Wing has a file of its own.
 *
 * The danger of xwing.ts lives here too: ML-KEM decapsulation never fails, and only the AEAD that follows notices a
 * tampered ciphertext.
 */

import {
  agree,
  type EcCurve,
  ecPrivateKeyFromRaw,
  ecPublicKeyFromPoint,
  generateEc,
  generateKem,
  kemDecapsulate,
  kemEncapsulate,
  type NativeKey,
  privateKeyFromSeed,
  publicKeyFromRaw,
  rawPublicKey,
} from '#native/asymmetric';
import { nativeSha3Concat, nativeShake256 } from '#native/hash';
import { expandedKemKey } from '#native/kem-keys';
import { CryptoError, need } from '../errors.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import type { HpkeKem, KemPrivateKey } from './kem.ts';
import { firstScalar } from './scalar.ts';

const mlkemSeedBytes = 64; // d || z
const hybridSeedBytes = 32;

const sets = {
  512: { type: 'ml-kem-512', publicKey: 800, ciphertext: 768 },
  768: { type: 'ml-kem-768', publicKey: 1184, ciphertext: 1088 },
  1024: { type: 'ml-kem-1024', publicKey: 1568, ciphertext: 1568 },
} as const;
type MlkemSet = (typeof sets)[keyof typeof sets];

/**
 * `windows` candidates of `scalarBytes` are cut from the expanded seed, and the first that is a scalar is the key: with
 * P-256 one candidate in 2^32 is none, so the draft takes four; with P-384 one in 2^190.
 */
const curves = {
  'P-256': { scalarBytes: 32, windows: 4, pointBytes: 65 },
  'P-384': { scalarBytes: 48, windows: 1, pointBytes: 97 },
} as const satisfies Readonly<Record<EcCurve, object>>;

function needSeed(seed: SecretBytes, bytes: number): void {
  need(seed.length === bytes, 'CRYPTO_KEY_INVALID', `the private key is a seed of ${bytes} bytes`);
}

function needCiphertext(enc: Uint8Array, bytes: number): void {
  need(enc.length === bytes, 'CRYPTO_MALFORMED', `the encapsulated key has ${bytes} bytes`);
}

/** Throws CRYPTO_KEY_INVALID when `decode` throws. */
function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw new CryptoError('CRYPTO_KEY_INVALID', 'the public key does not decode', { cause });
  }
}

function mlkemPrivateKey(key: NativeKey, ciphertextBytes: number): KemPrivateKey {
  return {
    publicKey: rawPublicKey(key),
    decapsulate(enc) {
      needCiphertext(enc, ciphertextBytes);
      return SecretBytes.take(kemDecapsulate(key, enc));
    },
  };
}

/** ML-KEM alone. OpenSSL checks the coefficients of a public key (FIPS 203 section 7.2). */
function mlkem({ type, publicKey: publicKeyBytes, ciphertext: ciphertextBytes }: MlkemSet): HpkeKem {
  return {
    sizes: { seed: mlkemSeedBytes, publicKey: publicKeyBytes, ciphertext: ciphertextBytes },

    generate() {
      const { key, seed } = generateKem(type);
      return { key: mlkemPrivateKey(key, ciphertextBytes), seed: SecretBytes.take(seed) };
    },

    importKey(seed): KemPrivateKey {
      needSeed(seed, mlkemSeedBytes);
      const key = seed.open(secretAccess, (raw) => privateKeyFromSeed(type, raw));
      return mlkemPrivateKey(key, ciphertextBytes);
    },

    encapsulate(publicKey) {
      need(publicKey.length === publicKeyBytes, 'CRYPTO_KEY_INVALID', `the public key has ${publicKeyBytes} bytes`);
      const key = decoded(() => publicKeyFromRaw(type, publicKey));
      const { ciphertext, sharedKey } = kemEncapsulate(key);
      return { enc: ciphertext, sharedSecret: SecretBytes.take(sharedKey) };
    },
  };
}

const expandedBytes = { 512: 1632, 768: 2400, 1024: 3168 } as const;

/**
 * An ML-KEM key in its expanded form, for keys that others stored so: the seed, which is a fiftieth of the size, cannot be
 * had back from it. OpenSSL refuses one whose hash is not that of its public half (FIPS 203 section 7.3); that the secret
 * half belongs to it shows in an encapsulation to itself. Throws CRYPTO_KEY_INVALID.
 */
export function importExpandedMlkem(set: keyof typeof sets, expanded: SecretBytes): KemPrivateKey {
  const bytes = expandedBytes[set];
  need(expanded.length === bytes, 'CRYPTO_KEY_INVALID', `the expanded private key has ${bytes} bytes`);
  const { type, ciphertext } = sets[set];
  const contradicts = 'the expanded private key contradicts itself';
  try {
    const native = expanded.open(secretAccess, (raw) => expandedKemKey(type, raw));
    const key = mlkemPrivateKey(native, ciphertext);
    const { enc, sharedSecret } = mlkem(sets[set]).encapsulate(key.publicKey);
    need(key.decapsulate(enc).equals(sharedSecret), 'CRYPTO_KEY_INVALID', contradicts);
    return key;
  } catch (cause) {
    throw cause instanceof CryptoError ? cause : new CryptoError('CRYPTO_KEY_INVALID', contradicts, { cause });
  }
}

/** The C2PRI combiner: ML-KEM binds its own ciphertext, so only the classical half's is hashed. */
function combine(
  { pq, classical }: { readonly pq: Uint8Array; readonly classical: Uint8Array },
  { ct, ek, label }: { readonly ct: Uint8Array; readonly ek: Uint8Array; readonly label: Uint8Array },
): SecretBytes {
  const secret = SecretBytes.take(nativeSha3Concat([pq, classical, ct, ek, label]));
  pq.fill(0);
  classical.fill(0);
  return secret;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

function mlkemWithCurve(set: MlkemSet, curve: EcCurve, name: string): HpkeKem {
  const label = new TextEncoder().encode(name);
  const { scalarBytes, windows, pointBytes } = curves[curve];
  const sizes = {
    seed: hybridSeedBytes,
    publicKey: set.publicKey + pointBytes,
    ciphertext: set.ciphertext + pointBytes,
  };

  function privateKeyOf(pqKey: NativeKey, ecKey: NativeKey): KemPrivateKey {
    const ek = rawPublicKey(ecKey);
    return {
      publicKey: joined(rawPublicKey(pqKey), ek),
      decapsulate(enc) {
        needCiphertext(enc, sizes.ciphertext);
        const ct = enc.subarray(set.ciphertext);
        let classical: Uint8Array;
        try {
          // OpenSSL refuses a point that is not on the curve.
          classical = agree(ecKey, ecPublicKeyFromPoint(curve, ct));
        } catch (cause) {
          throw new CryptoError('CRYPTO_AUTHENTICATION_FAILED', 'the encapsulated key is not genuine', { cause });
        }
        return combine({ pq: kemDecapsulate(pqKey, enc.subarray(0, set.ciphertext)), classical }, { ct, ek, label });
      },
    };
  }

  return {
    sizes,

    importKey(seed) {
      needSeed(seed, hybridSeedBytes);
      const length = mlkemSeedBytes + windows * scalarBytes;
      const expanded = seed.open(secretAccess, (raw) => nativeShake256(raw, length));
      try {
        const pqKey = privateKeyFromSeed(set.type, expanded.subarray(0, mlkemSeedBytes));
        const scalar = firstScalar(curve, expanded.subarray(mlkemSeedBytes), scalarBytes);
        return privateKeyOf(pqKey, ecPrivateKeyFromRaw(curve, scalar));
      } finally {
        expanded.fill(0);
      }
    },

    encapsulate(publicKey) {
      need(publicKey.length === sizes.publicKey, 'CRYPTO_KEY_INVALID', `the public key has ${sizes.publicKey} bytes`);
      const ek = publicKey.subarray(set.publicKey);
      const pqKey = decoded(() => publicKeyFromRaw(set.type, publicKey.subarray(0, set.publicKey)));
      const ecKey = decoded(() => ecPublicKeyFromPoint(curve, ek));
      const ephemeral = generateEc(curve);
      const ct = rawPublicKey(ephemeral);
      const { ciphertext, sharedKey } = kemEncapsulate(pqKey);
      const sharedSecret = combine({ pq: sharedKey, classical: agree(ephemeral, ecKey) }, { ct, ek, label });
      return { enc: joined(ciphertext, ct), sharedSecret };
    },
  };
}

export const mlkem512 = mlkem(sets[512]);
export const mlkem768 = mlkem(sets[768]);
/** For the profile of CNSA 2.0, which wants no classical half. */
export const mlkem1024 = mlkem(sets[1024]);
export const mlkem768P256 = mlkemWithCurve(sets[768], 'P-256', 'MLKEM768-P256');
/** Both halves of category 5. */
export const mlkem1024P384 = mlkemWithCurve(sets[1024], 'P-384', 'MLKEM1024-P384');
