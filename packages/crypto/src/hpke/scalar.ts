import { CryptoError } from '../errors.ts';

/*
 * Trap, measured: the runtime imports any bytes of the right length as the private key of a Weierstrass curve, zero and
 * what reaches the order included. Whoever takes a scalar from outside or from a seed asks here first.
 */

const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** The orders of the base points (SEC 2, RFC 5639). The curves of RFC 7748 take any bytes. */
const orders: ReadonlyMap<string, Uint8Array> = new Map(
  Object.entries({
    'P-256': 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
    'P-384': 'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    'P-521':
      '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
    brainpoolP256r1: 'a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7',
    brainpoolP384r1: '8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565',
  }).map(([curve, hex]) => [curve, fromHex(hex)]),
);

/** Whether the bytes are a scalar from 1 to order - 1, with work that does not depend on them. */
export function isScalar(curve: string, bytes: Uint8Array): boolean {
  const order = orders.get(curve);
  if (order === undefined) return true;
  if (bytes.length !== order.length) return false;
  let borrow = 0;
  let any = 0;
  for (let at = bytes.length - 1; at >= 0; at -= 1) {
    const byte = bytes[at] ?? 0;
    borrow = (byte - (order[at] ?? 0) - borrow) >>> 31;
    any |= byte;
  }
  return borrow === 1 && any !== 0;
}

/** Throws CRYPTO_KEY_INVALID unless the bytes are a scalar of the curve. */
export function needScalar(curve: string, bytes: Uint8Array): void {
  if (!isScalar(curve, bytes)) throw new CryptoError('CRYPTO_KEY_INVALID', 'the private key is no scalar of the curve');
}

/** The first window of the candidates that is a scalar, as the hybrids of the CFRG take it. Throws CRYPTO_KEY_INVALID. */
export function firstScalar(curve: string, candidates: Uint8Array, scalarBytes: number): Uint8Array {
  for (let at = 0; at + scalarBytes <= candidates.length; at += scalarBytes) {
    const candidate = candidates.subarray(at, at + scalarBytes);
    if (isScalar(curve, candidate)) return candidate;
  }
  throw new CryptoError('CRYPTO_KEY_INVALID', 'the seed expands to no valid key');
}
