/*
 * Trap of the runtime: OpenSSL imports a private key whose scalar is zero or not below the order of its curve, in every
 * format. The public key of scalar zero is the point at infinity, under which each of its signatures "verifies".
 */

// The orders of SP 800-186, section 3.2.1, and of RFC 5639.
const orders = {
  'P-256': 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
  'P-384': 'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  'P-521':
    '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
  brainpoolP256r1: 'a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7',
  brainpoolP384r1: '8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565',
} as const;

export type WeierstrassCurve = keyof typeof orders;

const orderBytes = new Map<string, Uint8Array>(
  Object.entries(orders).map(([curve, hex]) => [
    curve,
    Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
  ]),
);

/** Whether big-endian bytes are a number from 1 to the order less 1. The time does not depend on the scalar's digits. */
export function isEcScalar(curve: WeierstrassCurve, scalar: Uint8Array): boolean {
  const order = orderBytes.get(curve);
  if (order === undefined || scalar.length !== order.length) return false;
  let borrow = 0;
  let any = 0;
  for (let index = order.length - 1; index >= 0; index--) {
    const digit = scalar[index] ?? 0;
    any |= digit;
    borrow = ((digit - (order[index] ?? 0) - borrow) >> 8) & 1;
  }
  return any !== 0 && borrow === 1;
}
