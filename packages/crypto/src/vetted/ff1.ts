// FF1 of NIST SP 800-38G: OpenSSL does not have it, so @noble/ciphers does it. The only file that knows the library.
//
// Danger: it computes AES in JavaScript with tables, so whoever runs code on the same core may learn the key from cache
// timing. FF1 has no faster or safer home in this runtime; the caller limits what it is used for.

import { FF1 } from '@noble/ciphers/ff1.js';

/** Numerals in, numerals out; the caller has checked radix, key, tweak and length. */
export function vettedFf1(
  direction: 'decrypt' | 'encrypt',
  { radix, key, tweak }: { readonly radix: number; readonly key: Uint8Array; readonly tweak: Uint8Array },
  numerals: readonly number[],
): number[] {
  return FF1(radix, key, tweak)[direction]([...numerals]);
}
