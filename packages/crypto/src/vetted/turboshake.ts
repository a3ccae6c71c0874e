// TurboSHAKE (RFC 9861), which OpenSSL does not have: @noble/hashes does it, for suites of HPKE that others may use.

import { turboshake128, turboshake256 } from '@noble/hashes/sha3-addons.js';

export function vettedTurboShake(bits: 128 | 256, bytes: Uint8Array, length: number): Uint8Array {
  return (bits === 128 ? turboshake128 : turboshake256)(bytes, { dkLen: length });
}
