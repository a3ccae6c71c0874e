import { rawPublicKey } from '#native/asymmetric';
import {
  agreeRaw,
  curvePrivateKey,
  curvePublicKey,
  type NativeAgreementCurve,
  type NativeKemKey,
} from '#native/kem-keys';
import { CryptoError, need } from './errors.ts';
import { needScalar } from './hpke/scalar.ts';
import { SecretBytes, secretAccess } from './secret-bytes.ts';

/** Curves of raw Diffie-Hellman, by their registry ids: for formats of others that build on it. */
const curves: ReadonlyMap<string, { readonly curve: NativeAgreementCurve; readonly scalar: number }> = new Map([
  ['x25519', { curve: 'x25519', scalar: 32 }],
  ['x448', { curve: 'x448', scalar: 56 }],
  ['secp256r1', { curve: 'P-256', scalar: 32 }],
  ['secp384r1', { curve: 'P-384', scalar: 48 }],
  ['secp521r1', { curve: 'P-521', scalar: 66 }],
]);

export interface AgreementInput {
  /** Registry id of the curve. */
  readonly algorithm: string;
  /** The raw scalar. */
  readonly privateKey: SecretBytes;
}

function importPrivate({ algorithm, privateKey }: AgreementInput): {
  readonly curve: NativeAgreementCurve;
  readonly key: NativeKemKey;
} {
  const found = curves.get(algorithm);
  if (found === undefined) throw new CryptoError('CRYPTO_ALGORITHM_UNKNOWN', 'the key agreement is not offered');
  const { curve, scalar } = found;
  need(privateKey.length === scalar, 'CRYPTO_KEY_INVALID', `the private key is a scalar of ${scalar} bytes`);
  try {
    const key = privateKey.open(secretAccess, (raw) => {
      needScalar(curve, raw);
      return curvePrivateKey(curve, raw);
    });
    return { curve, key };
  } catch (cause) {
    throw new CryptoError('CRYPTO_KEY_INVALID', 'the private key is no scalar of the curve', { cause });
  }
}

/** The raw public key of a scalar. Throws CRYPTO_KEY_INVALID and CRYPTO_ALGORITHM_UNKNOWN. */
export function agreementPublicKey(input: AgreementInput): Uint8Array {
  return rawPublicKey(importPrivate(input).key);
}

/**
 * The raw Diffie-Hellman secret with a peer's raw public key. It is no key: derive one with HKDF, over both public keys too.
 * For our own data use {@link hpkeSeal}, which is hybrid. Throws CRYPTO_KEY_INVALID for a point that is not on the curve or
 * of low order, and CRYPTO_ALGORITHM_UNKNOWN.
 */
export function agreeOnSecret({ peer, ...input }: AgreementInput & { readonly peer: Uint8Array }): SecretBytes {
  const { curve, key } = importPrivate(input);
  try {
    return SecretBytes.take(agreeRaw(key, curvePublicKey(curve, peer)));
  } catch (cause) {
    throw new CryptoError('CRYPTO_KEY_INVALID', 'the public key of the peer is no usable point', { cause });
  }
}
