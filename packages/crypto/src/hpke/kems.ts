import { CryptoError } from '../errors.ts';
import { SecretBytes } from '../secret-bytes.ts';
import type { Kem, KemKeyPair, KemPrivateKey } from './kem.ts';
import { mlkem512, mlkem768, mlkem768P256, mlkem1024, mlkem1024P384 } from './mlkem.ts';
import { xwingKem } from './xwing.ts';

const kems = {
  'X-Wing': xwingKem,
  'ML-KEM-512': mlkem512,
  'ML-KEM-768': mlkem768,
  'ML-KEM-1024': mlkem1024,
  'MLKEM768-P256': mlkem768P256,
  'MLKEM1024-P384': mlkem1024P384,
} as const satisfies Readonly<Record<string, Kem>>;

/** Registry ids of the KEMs that this package performs (CRY-2). */
export type KemName = keyof typeof kems;

function kemOf(name: string): Kem {
  for (const [known, kem] of Object.entries(kems)) if (known === name) return kem;
  throw new CryptoError('CRYPTO_ALGORITHM_UNKNOWN', 'the KEM is not offered');
}

/** A fresh key of a KEM, ready for use, and the seed that it is kept as. Throws CRYPTO_ALGORITHM_UNKNOWN. */
export function generateKemKey(name: string): KemKeyPair {
  const kem = kemOf(name);
  if (kem.generate !== undefined) return kem.generate();
  const seed = SecretBytes.random(kem.sizes.seed);
  return { seed, key: kem.importSeed(seed) };
}

/**
 * Expands a KEM seed. What a KEM gives is no key of its own: prefer HPKE, whose AEAD notices a tampered ciphertext, which
 * ML-KEM never does. Throws CRYPTO_KEY_INVALID and CRYPTO_ALGORITHM_UNKNOWN.
 */
export function importKemKey(name: string, seed: SecretBytes): KemPrivateKey {
  return kemOf(name).importSeed(seed);
}

/** A new secret for the holder of a public key. Throws CRYPTO_KEY_INVALID and CRYPTO_ALGORITHM_UNKNOWN. */
export function kemEncapsulateTo(name: string, publicKey: Uint8Array): { enc: Uint8Array; sharedSecret: SecretBytes } {
  return kemOf(name).encapsulate(publicKey);
}
