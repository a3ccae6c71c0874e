import { x448 } from '@noble/curves/ed448.js';
import { x25519 } from '@noble/curves/ed25519.js';
import { brainpoolP256r1, brainpoolP384r1 } from '@noble/curves/misc.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import type * as native from '../native/kem-keys.ts';
import { absent } from './absent.ts';
import { type NativeKey, privateKey, publicKey, secretOf } from './key-record.ts';

/** A key in memory of JavaScript. */
export type NativeKemKey = NativeKey;
export type { NativeAgreementCurve } from '../native/kem-keys.ts';

const montgomery = { x25519, x448 } as const;
const weierstrass = { 'P-256': p256, 'P-384': p384, 'P-521': p521, brainpoolP256r1, brainpoolP384r1 } as const;
const kems = { 'ml-kem-512': ml_kem512, 'ml-kem-768': ml_kem768, 'ml-kem-1024': ml_kem1024 } as const;

type Montgomery = keyof typeof montgomery;
type Curve = native.NativeAgreementCurve;

const isMontgomery = (curve: string): curve is Montgomery => Object.hasOwn(montgomery, curve);
const isCurve = (type: string): type is Curve => isMontgomery(type) || Object.hasOwn(weierstrass, type);

export function curvePrivateKey(curve: Curve, raw: Uint8Array): NativeKemKey {
  const secret = raw.slice();
  const point = isMontgomery(curve)
    ? montgomery[curve].getPublicKey(secret)
    : weierstrass[curve].getPublicKey(secret, false);
  return privateKey(curve, secret, point);
}

/** An uncompressed point that lies on its curve, or the u coordinate of a Montgomery curve. */
export function curvePublicKey(curve: Curve, raw: Uint8Array): NativeKemKey {
  const isKey = isMontgomery(curve)
    ? raw.length === montgomery[curve].lengths.publicKey
    : weierstrass[curve].utils.isValidPublicKey(raw, false);
  if (!isKey) throw new TypeError('the public key is not one of the curve');
  return publicKey(curve, raw);
}

export function generateCurveKey(curve: Curve): NativeKemKey {
  const secret = (isMontgomery(curve) ? montgomery[curve] : weierstrass[curve]).utils.randomSecretKey();
  const key = curvePrivateKey(curve, secret);
  secret.fill(0);
  return key;
}

export function rawCurvePrivateKey(key: NativeKemKey): Uint8Array {
  return secretOf(key).slice();
}

/** Raw Diffie-Hellman. Throws for a point of low order, whose result would be all zero. */
export function agreeRaw(ours: NativeKemKey, theirs: NativeKemKey): Uint8Array {
  const curve = ours.keyType;
  if (curve !== theirs.keyType || !isCurve(curve)) throw new TypeError('both keys are on one curve');
  if (isMontgomery(curve)) return montgomery[curve].getSharedSecret(secretOf(ours), theirs.publicRaw);
  const point = weierstrass[curve].getSharedSecret(secretOf(ours), theirs.publicRaw, false);
  const x = point.slice(1, 1 + (point.length - 1) / 2);
  point.fill(0);
  return x;
}

/** An expanded decapsulation key (FIPS 203 section 7.1). Throws when its hash does not belong to its public half. */
export function expandedKemKey(type: keyof typeof kems, expanded: Uint8Array): NativeKemKey {
  const kem = kems[type];
  const secret = expanded.slice();
  const point = kem.getPublicKey(secret);
  // The check is part of every decapsulation of the library; one of nothing makes it happen here.
  kem.decapsulate(new Uint8Array(kem.lengths.cipherText ?? 0), secret).fill(0);
  return privateKey(type, secret, point);
}

export const rsaPrivateKey: typeof native.rsaPrivateKey = absent('rsaPrivateKey');
export const rsaPublicKey: typeof native.rsaPublicKey = absent('rsaPublicKey');
export const rsaPublicDer: typeof native.rsaPublicDer = absent('rsaPublicDer');
export const rsaPrivateDer: typeof native.rsaPrivateDer = absent('rsaPrivateDer');
export const rsaModulusBits: typeof native.rsaModulusBits = absent('rsaModulusBits');
export const generateRsaKey: typeof native.generateRsaKey = absent('generateRsaKey');
export const oaepEncrypt: typeof native.oaepEncrypt = absent('oaepEncrypt');
export const oaepDecrypt: typeof native.oaepDecrypt = absent('oaepDecrypt');
