import { createPrivateKey, createPublicKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { isEcScalar, type WeierstrassCurve } from '../signature/ec-scalar.ts';
import { firstScalar } from './scalar.ts';

const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const order = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551';
const last = `${order.slice(0, -2)}50`;

it('trap: the runtime imports zero and the order of the curve as private keys', () => {
  for (const key of [Buffer.alloc(32), Buffer.from(order, 'hex'), Buffer.alloc(32, 0xff)]) {
    const imported = createPrivateKey({ key, format: 'raw-private', asymmetricKeyType: 'ec', namedCurve: 'P-256' });
    expect(imported.type).toBe('private');
  }
});

it('CRY-2: a scalar lies from 1 to order - 1', () => {
  for (const hex of [`${'00'.repeat(31)}01`, last, `00${'ff'.repeat(31)}`]) {
    expect(isEcScalar('P-256', fromHex(hex))).toBe(true);
  }
  for (const hex of ['00'.repeat(32), order, `${order.slice(0, -2)}52`, 'ff'.repeat(32), '01', '']) {
    expect(isEcScalar('P-256', fromHex(hex))).toBe(false);
  }
});

it.each<[WeierstrassCurve, number]>([
  ['P-384', 48],
  ['P-521', 66],
  ['brainpoolP256r1', 32],
  ['brainpoolP384r1', 48],
])('the order of %s is the one that OpenSSL has', (curve, bytes) => {
  // The scalar order - 1 gives the point of the scalar 1 mirrored: the same x. Any other constant would not.
  const x = (raw: Uint8Array): string => {
    const key = createPrivateKey({
      key: Buffer.from(raw),
      format: 'raw-private',
      asymmetricKeyType: 'ec',
      namedCurve: curve,
    });
    const point = createPublicKey(key).export({ format: 'raw-public' });
    return point.subarray(1, 1 + (point.length - 1) / 2).toString('hex');
  };
  expect(x(largestScalar(curve, bytes))).toBe(x(new Uint8Array(bytes).with(bytes - 1, 1)));
});

/** By bisection: bits from the highest, each kept if the number is still a scalar. */
function largestScalar(curve: WeierstrassCurve, bytes: number): Uint8Array {
  const scalar = new Uint8Array(bytes);
  for (let bit = 0; bit < bytes * 8; bit += 1) {
    const at = Math.floor(bit / 8);
    scalar[at] = (scalar[at] ?? 0) | (0x80 >> (bit % 8));
    if (!isEcScalar(curve, scalar)) scalar[at] = (scalar[at] ?? 0) & ~(0x80 >> (bit % 8));
  }
  return scalar;
}

it('CRY-2: of the candidates of a hybrid, the first that is a scalar is the key', () => {
  const good = fromHex(last);
  const bad = [fromHex(order), new Uint8Array(32), new Uint8Array(32).fill(0xff)];
  const candidates = new Uint8Array(Buffer.concat([...bad, good]));
  expect(firstScalar('P-256', candidates, 32)).toEqual(good);
  const none = () => firstScalar('P-256', candidates.subarray(0, 96), 32);
  expect(none).toThrow(expect.objectContaining({ code: 'CRYPTO_KEY_INVALID' }));
});
