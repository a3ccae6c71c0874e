// Encapsulation with given randomness, which OpenSSL does not offer: @noble/post-quantum does it, the library that serves
// browsers. For published answers alone.

import { ml_kem768_p256, ml_kem768_x25519, ml_kem1024_p384 } from '@noble/post-quantum/hybrid.js';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';

const kems = {
  'ML-KEM-512': ml_kem512,
  'ML-KEM-768': ml_kem768,
  'ML-KEM-1024': ml_kem1024,
  'X-Wing': ml_kem768_x25519,
  'MLKEM768-P256': ml_kem768_p256,
  'MLKEM1024-P384': ml_kem1024_p384,
};

export type FixedEncapsulationKem = keyof typeof kems;

export const fixedEncapsulationKems: ReadonlySet<string> = new Set(Object.keys(kems));

/** Throws whatever the library throws. */
export function vettedEncapsulation(
  kem: FixedEncapsulationKem,
  publicKey: Uint8Array,
  randomness: Uint8Array,
): { readonly enc: Uint8Array; readonly sharedSecret: Uint8Array } {
  const { cipherText, sharedSecret } = kems[kem].encapsulate(publicKey, randomness);
  return { enc: cipherText, sharedSecret };
}
