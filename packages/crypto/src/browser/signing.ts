import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import * as slhDsa from '@noble/post-quantum/slh-dsa.js';
import type * as native from '../native/asymmetric.ts';
import { type NativeKey, secretOf } from './key-record.ts';
import type { SigningCurve } from './private-forms.ts';

/*
 * Signing and verifying by the type of a key. Dangers of the libraries, each answered here: Ed25519 would verify by ZIP 215,
 * which takes signatures that RFC 8032 does not, and ECDSA would refuse what OpenSSL signs with a high s.
 */

export const mlDsas = { 'ml-dsa-44': ml_dsa44, 'ml-dsa-65': ml_dsa65, 'ml-dsa-87': ml_dsa87 } as const;
export const signingCurves = { 'P-256': p256, 'P-384': p384, 'P-521': p521 } as const;
export const slhDsas = {
  'slh-dsa-sha2-128s': slhDsa.slh_dsa_sha2_128s,
  'slh-dsa-sha2-128f': slhDsa.slh_dsa_sha2_128f,
  'slh-dsa-sha2-192s': slhDsa.slh_dsa_sha2_192s,
  'slh-dsa-sha2-192f': slhDsa.slh_dsa_sha2_192f,
  'slh-dsa-sha2-256s': slhDsa.slh_dsa_sha2_256s,
  'slh-dsa-sha2-256f': slhDsa.slh_dsa_sha2_256f,
  'slh-dsa-shake-128s': slhDsa.slh_dsa_shake_128s,
  'slh-dsa-shake-128f': slhDsa.slh_dsa_shake_128f,
  'slh-dsa-shake-192s': slhDsa.slh_dsa_shake_192s,
  'slh-dsa-shake-192f': slhDsa.slh_dsa_shake_192f,
  'slh-dsa-shake-256s': slhDsa.slh_dsa_shake_256s,
  'slh-dsa-shake-256f': slhDsa.slh_dsa_shake_256f,
} as const;

export type MlDsaType = keyof typeof mlDsas;
export type SlhDsaType = keyof typeof slhDsas;

export const isMlDsa = (type: string): type is MlDsaType => Object.hasOwn(mlDsas, type);
export const isSlhDsa = (type: string): type is SlhDsaType => Object.hasOwn(slhDsas, type);
const isCurve = (type: string): type is SigningCurve => Object.hasOwn(signingCurves, type);

type How = Parameters<typeof native.nativeSign>[2];

const hashOfCurve: Readonly<Record<SigningCurve, native.SignatureHash>> = {
  'P-256': 'sha256',
  'P-384': 'sha384',
  'P-521': 'sha512',
};

/** The library hashes with the one hash of the curve, so no other may be asked for. */
function curveOf({ keyType }: NativeKey, { hash: hashName }: How) {
  if (!isCurve(keyType) || hashOfCurve[keyType] !== hashName)
    throw new TypeError('ECDSA signs with the hash of its curve');
  return signingCurves[keyType];
}

/** The algorithms of NIST that take a context. */
function postQuantumOf({ keyType }: NativeKey) {
  if (isMlDsa(keyType)) return mlDsas[keyType];
  return isSlhDsa(keyType) ? slhDsas[keyType] : undefined;
}

const withContext = (context: Uint8Array | undefined) => (context === undefined ? {} : { context });

/** ML-DSA and SLH-DSA hedged, ECDSA with fresh randomness in its nonce (RFC 6979 section 3.6), Ed25519 by RFC 8032. */
export function signWith(key: NativeKey, message: Uint8Array, how: How): Uint8Array {
  const scheme = postQuantumOf(key);
  if (scheme !== undefined) return scheme.sign(message, secretOf(key), withContext(how.context));
  if (how.context !== undefined) throw new TypeError('the algorithm takes no context');
  if (key.keyType === 'ed25519') return ed25519.sign(message, secretOf(key));
  const options = { prehash: true, lowS: false, format: 'der', extraEntropy: true } as const;
  return curveOf(key, how).sign(message, secretOf(key), options);
}

/** False for every signature, and every public key, that does not decode. */
export function verifyWithKey(key: NativeKey, message: Uint8Array, signature: Uint8Array, how: How): boolean {
  const { publicRaw } = key;
  try {
    const scheme = postQuantumOf(key);
    if (scheme !== undefined) return scheme.verify(signature, message, publicRaw, withContext(how.context));
    if (how.context !== undefined) return false;
    if (key.keyType === 'ed25519') return ed25519.verify(signature, message, publicRaw, { zip215: false });
    const options = { prehash: true, lowS: false, format: 'der' } as const;
    return curveOf(key, how).verify(signature, message, publicRaw, options);
  } catch {
    return false;
  }
}
