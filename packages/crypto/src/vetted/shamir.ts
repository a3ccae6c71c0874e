// Shamir's secret sharing over GF(256): `shamir-secret-sharing`, audited by Cure53 and Zellic, without dependencies. The only
// file that knows the library. A share is the 32 bytes of the polynomials' values and the coordinate at which they were
// taken; nothing in it tells whether it is genuine, which is the caller's to check.

import { combine, split } from 'shamir-secret-sharing';

export function vettedSplit(secret: Uint8Array, shares: number, threshold: number): Promise<Uint8Array[]> {
  return split(secret, shares, threshold);
}

/** Any shares give some secret; the right one only when there are enough and all are genuine. */
export function vettedCombine(shares: readonly Uint8Array[]): Promise<Uint8Array> {
  return combine([...shares]);
}
