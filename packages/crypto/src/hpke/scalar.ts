import { CryptoError } from '../errors.ts';
import { isEcScalar, type WeierstrassCurve } from '../signature/ec-scalar.ts';

/** Throws CRYPTO_KEY_INVALID unless the bytes are a scalar of the curve; those of RFC 7748 take any. */
export function needScalar(curve: WeierstrassCurve | 'x25519' | 'x448', bytes: Uint8Array): void {
  if (curve === 'x25519' || curve === 'x448' || isEcScalar(curve, bytes)) return;
  throw new CryptoError('CRYPTO_KEY_INVALID', 'the private key is no scalar of the curve');
}

/** The first window of the candidates that is a scalar, as the hybrids of the CFRG take it. Throws CRYPTO_KEY_INVALID. */
export function firstScalar(curve: WeierstrassCurve, candidates: Uint8Array, scalarBytes: number): Uint8Array {
  for (let at = 0; at + scalarBytes <= candidates.length; at += scalarBytes) {
    const candidate = candidates.subarray(at, at + scalarBytes);
    if (isEcScalar(curve, candidate)) return candidate;
  }
  throw new CryptoError('CRYPTO_KEY_INVALID', 'the seed expands to no valid key');
}
