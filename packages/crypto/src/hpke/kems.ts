import { CryptoError } from '../errors.ts';
import { SecretBytes } from '../secret-bytes.ts';
import { type CompositeKem, compositeKems } from './composite-mlkem.ts';
import { dhkemP256, dhkemP384, dhkemP521, dhkemX448, dhkemX25519 } from './dhkem.ts';
import type { Encapsulation, HpkeKem, Kem, KemKeyPair, KemPrivateKey } from './kem.ts';
import { importExpandedMlkem, mlkem512, mlkem768, mlkem768P256, mlkem1024, mlkem1024P384 } from './mlkem.ts';
import { xwingKem } from './xwing.ts';

/** The KEMs of HPKE, by their registry ids. */
export const hpkeKems = {
  'X-Wing': xwingKem,
  'ML-KEM-512': mlkem512,
  'ML-KEM-768': mlkem768,
  'ML-KEM-1024': mlkem1024,
  'MLKEM768-P256': mlkem768P256,
  'MLKEM1024-P384': mlkem1024P384,
  'DHKEM-X25519-HKDF-SHA256': dhkemX25519,
  'DHKEM-X448-HKDF-SHA512': dhkemX448,
  'DHKEM-P256-HKDF-SHA256': dhkemP256,
  'DHKEM-P384-HKDF-SHA384': dhkemP384,
  'DHKEM-P521-HKDF-SHA512': dhkemP521,
} as const satisfies Readonly<Record<string, HpkeKem>>;

const kems = { ...hpkeKems, ...compositeKems } as const;

/** Registry ids of the KEMs that this package performs (CRY-2). */
export type KemName = keyof typeof kems;

const kemByName: ReadonlyMap<string, Kem> = new Map<string, Kem>(Object.entries(kems));
/** All of them, in the order of the registry. */
export const kemNames: readonly KemName[] = Object.freeze(Object.keys(kems).filter(isKemName));

function isKemName(name: string): name is KemName {
  return kemByName.has(name);
}

function offered<T>(found: T | undefined): T {
  if (found === undefined) throw new CryptoError('CRYPTO_ALGORITHM_UNKNOWN', 'the KEM is not offered');
  return found;
}

const hpkeKemByName: ReadonlyMap<string, HpkeKem> = new Map<string, HpkeKem>(Object.entries(hpkeKems));
const compositeByName: ReadonlyMap<string, CompositeKem> = new Map<string, CompositeKem>(Object.entries(compositeKems));

/** A fresh key of a KEM, at once and ready for use, and the seed or scalar that it is kept as. */
export function generateFresh(kem: HpkeKem): KemKeyPair {
  if (kem.generate !== undefined) return kem.generate();
  const seed = SecretBytes.random(kem.sizes.seed);
  return { seed, key: kem.importKey(seed) };
}

/**
 * A fresh key of any KEM but the composites of LAMPS, ready for use, and the seed or scalar that it is kept as. Throws
 * CRYPTO_ALGORITHM_UNKNOWN.
 */
export function generateKemKey(name: string): KemKeyPair {
  return generateFresh(offered(hpkeKemByName.get(name)));
}

/**
 * A fresh key of a composite of LAMPS, kept as the ML-KEM seed with the classical key behind it. With RSA it takes from 0.1 to
 * seconds, on a thread of its own. Rejects with CRYPTO_ALGORITHM_UNKNOWN.
 */
export async function generateCompositeKemKey(name: string): Promise<KemKeyPair> {
  const kem = offered(compositeByName.get(name));
  const seed = await kem.generate();
  return { seed, key: kem.importKey(seed) };
}

/**
 * Expands a private key. What a KEM gives is no key of its own: prefer HPKE, whose AEAD notices a tampered ciphertext, which
 * ML-KEM never does. Throws CRYPTO_KEY_INVALID and CRYPTO_ALGORITHM_UNKNOWN.
 */
export function importKemKey(name: string, privateKey: SecretBytes): KemPrivateKey {
  return offered(kemByName.get(name)).importKey(privateKey);
}

const mlkemSets: ReadonlyMap<string, 512 | 768 | 1024> = new Map([
  ['ML-KEM-512', 512],
  ['ML-KEM-768', 768],
  ['ML-KEM-1024', 1024],
]);

/**
 * Reads an ML-KEM key that is stored expanded (1632, 2400 or 3168 bytes), as others do; ours are seeds. Its hash is checked
 * against its public half. Throws CRYPTO_KEY_INVALID and CRYPTO_ALGORITHM_UNKNOWN.
 */
export function importExpandedKemKey(name: string, expanded: SecretBytes): KemPrivateKey {
  return importExpandedMlkem(offered(mlkemSets.get(name)), expanded);
}

/** A new secret for the holder of a public key. Throws CRYPTO_KEY_INVALID and CRYPTO_ALGORITHM_UNKNOWN. */
export function kemEncapsulateTo(name: string, publicKey: Uint8Array): Encapsulation {
  return offered(kemByName.get(name)).encapsulate(publicKey);
}
