/*
 * What only published answers need, behind an import of its own: `@quantumvault/crypto/known-answers`. A reviewer searches
 * for that name, which belongs into tests and into `qv crypto vectors` and nowhere else.
 */
import { CryptoError } from './errors.ts';
import { SecretBytes } from './secret-bytes.ts';
import {
  type FixedEncapsulationKem,
  fixedEncapsulationKems,
  vettedEncapsulation,
} from './vetted/fixed-encapsulation.ts';

export interface FixedEncapsulationInput {
  /** Registry id. */
  readonly kem: string;
  readonly publicKey: Uint8Array;
  /** In the form of the KEM's document: `m` of FIPS 203, `eseed` of X-Wing, `randomness` of the CFRG's hybrids. */
  readonly randomness: Uint8Array;
}

/**
 * Encapsulates with the randomness that a published answer states. Danger: whoever knows the randomness knows the secret, so
 * nothing may be encrypted under it; `kemEncapsulateTo` draws its own. It runs the library that serves browsers, because
 * OpenSSL takes no randomness. Throws CRYPTO_KEY_INVALID for a public key or randomness of another form, and
 * CRYPTO_ALGORITHM_UNKNOWN.
 */
export function encapsulateWithRandomness({ kem, publicKey, randomness }: FixedEncapsulationInput): {
  readonly enc: Uint8Array;
  readonly sharedSecret: SecretBytes;
} {
  if (!isFixed(kem)) throw new CryptoError('CRYPTO_ALGORITHM_UNKNOWN', 'the KEM takes no given randomness');
  try {
    const { enc, sharedSecret } = vettedEncapsulation(kem, publicKey, randomness);
    return { enc, sharedSecret: SecretBytes.take(sharedSecret) };
  } catch (cause) {
    throw new CryptoError('CRYPTO_KEY_INVALID', 'the public key or the randomness does not decode', { cause });
  }
}

function isFixed(kem: string): kem is FixedEncapsulationKem {
  return fixedEncapsulationKems.has(kem);
}
