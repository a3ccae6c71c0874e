import { sha256, sha512 } from '@noble/hashes/sha2.js';
import type * as native from '../native/signature-keys.ts';
import { absent } from './absent.ts';
import { type NativeKey, privateKey, publicKey, secretOf } from './key-record.ts';
import type { SigningCurve } from './private-forms.ts';
import { type SlhDsaType, signingCurves, slhDsas } from './signing.ts';

export type { MlDsaType, SlhDsaType } from './signing.ts';

/** FIPS 205: both seeds, the public seed and the root. A wrong root is noticed when the first signature is verified. */
export function slhDsaPrivateKey(type: SlhDsaType, raw: Uint8Array): NativeKey {
  const { secretKey: length } = slhDsas[type].lengths;
  if (raw.length !== length) throw new RangeError('the private key has another length');
  return privateKey(type, raw.slice(), raw.slice(raw.length / 2));
}

export function slhDsaPublicKey(type: SlhDsaType, raw: Uint8Array): NativeKey {
  if (raw.length !== slhDsas[type].lengths.publicKey) throw new RangeError('the public key has another length');
  return publicKey(type, raw);
}

/** A fresh private key in its raw form. The caller zeroizes the bytes. */
export async function generateSlhDsaRaw(type: SlhDsaType): Promise<Uint8Array> {
  return slhDsas[type].keygen().secretKey;
}

/** The scalar of a fresh key, big-endian, of the length of the field. The caller zeroizes the bytes. */
export async function generateEcScalar(namedCurve: SigningCurve): Promise<Uint8Array> {
  return signingCurves[namedCurve].utils.randomSecretKey();
}

/** The scalar of a private key. The caller zeroizes the bytes. */
export function ecScalar(key: NativeKey): Uint8Array {
  return secretOf(key).slice();
}

export async function hashMessage(name: 'sha256' | 'sha512', message: Uint8Array): Promise<Uint8Array> {
  return (name === 'sha256' ? sha256 : sha512)(message);
}

export const generateRsaPkcs8: typeof native.generateRsaPkcs8 = absent('generateRsaPkcs8');
export const rsaPublicKey: typeof native.rsaPublicKey = absent('rsaPublicKey');
export const describeRsa: typeof native.describeRsa = absent('describeRsa');
