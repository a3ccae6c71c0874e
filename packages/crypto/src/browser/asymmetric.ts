import { ed25519, x25519 as x25519Curve } from '@noble/curves/ed25519.js';
import { shake256 } from '@noble/hashes/sha3.js';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import type * as native from '../native/asymmetric.ts';
import { dhkemDecapsulate, dhkemEncapsulate, isDhkemCurve } from './dhkem.ts';
import { type NativeKey, privateKey, publicKey, secretOf } from './key-record.ts';
import { type DecodedPkcs8, decodePkcs8, encodeEcPkcs8, type SigningCurve } from './private-forms.ts';
import { equalSameLength, fillRandom } from './random.ts';
import { signingCurves as ecs, isMlDsa, type MlDsaType, mlDsas, signWith, verifyWithKey } from './signing.ts';

export type { NativeKey } from './key-record.ts';
export type { SigningCurve } from './private-forms.ts';
export type EcCurve = 'P-256' | 'P-384';

const kems = { 'ml-kem-512': ml_kem512, 'ml-kem-768': ml_kem768, 'ml-kem-1024': ml_kem1024 } as const;
/** d and z of FIPS 203. */
const kemSeedBytes = 64;

type KemType = keyof typeof kems;
type SeedType = KemType | MlDsaType;
type RawType = 'x25519' | 'ed25519';
type How = Parameters<typeof native.nativeSign>[2];

const isKem = (type: string): type is KemType => Object.hasOwn(kems, type);
const isEc = (type: string): type is SigningCurve => Object.hasOwn(ecs, type);

function kemOf({ keyType }: NativeKey) {
  if (!isKem(keyType)) throw new TypeError('the operation takes a key of ML-KEM');
  return kems[keyType];
}

function ecOf({ keyType }: NativeKey) {
  if (!isEc(keyType)) throw new TypeError('the operation takes a key on a curve of NIST');
  return ecs[keyType];
}

/** A fresh ML-KEM key and its seed, which the caller zeroises. */
export function generateKem(type: KemType): { readonly key: NativeKey; readonly seed: Uint8Array } {
  const seed = new Uint8Array(kemSeedBytes);
  fillRandom(seed);
  return { key: privateKeyFromSeed(type, seed), seed };
}

// The library would use the caller's array as the key, so it gets a copy.
export function privateKeyFromSeed(type: SeedType, seed: Uint8Array): NativeKey {
  const copy = seed.slice();
  const pair = isKem(type) ? kems[type].keygen(copy) : mlDsas[type].keygen(copy);
  copy.fill(0);
  return privateKey(type, pair.secretKey, pair.publicKey);
}

export function privateKeyFromRaw(type: RawType, raw: Uint8Array): NativeKey {
  const secret = raw.slice();
  return privateKey(type, secret, (type === 'x25519' ? x25519Curve : ed25519).getPublicKey(secret));
}

export function privateKeyFromPkcs8(der: Uint8Array): NativeKey {
  const decoded = decodePkcs8(der);
  if (decoded.kind === 'ml-dsa') return mlDsaKey(decoded);
  const key = ecPrivateKeyFromRaw(decoded.curve, decoded.scalar);
  const { point } = decoded;
  const fits = point === undefined || (point.length === key.publicRaw.length && equalSameLength(point, key.publicRaw));
  if (!fits) throw new TypeError('the private key does not belong to its public point');
  return key;
}

function mlDsaKey({ type, seed, expanded }: Extract<DecodedPkcs8, { kind: 'ml-dsa' }>): NativeKey {
  if (seed === undefined) return expandedMlDsa(type, expanded ?? new Uint8Array(0));
  const key = privateKeyFromSeed(type, seed);
  const secret = secretOf(key);
  const fits = expanded === undefined || (expanded.length === secret.length && equalSameLength(expanded, secret));
  if (!fits) throw new TypeError('the expanded key is not that of the seed');
  return key;
}

/** FIPS 204, algorithm 24: rho (32), K (32), then tr, the hash of the public key. */
function expandedMlDsa(type: MlDsaType, expanded: Uint8Array): NativeKey {
  const secret = expanded.slice();
  const raw = mlDsas[type].getPublicKey(secret);
  const isWhole = equalSameLength(shake256(raw, { dkLen: 64 }), secret.subarray(64, 128));
  if (!isWhole) throw new TypeError('the expanded key does not belong to its public key');
  return privateKey(type, secret, raw);
}

/** Throws for a key of ML-KEM whose coefficients are out of range (FIPS 203 section 7.2), and for a wrong length. */
export function publicKeyFromRaw(type: SeedType | RawType, raw: Uint8Array): NativeKey {
  if (isKem(type)) kems[type].prepare(raw).clean();
  const length = isMlDsa(type) ? mlDsas[type].lengths.publicKey : isKem(type) ? kems[type].lengths.publicKey : 32;
  if (raw.length !== length) throw new RangeError('the public key has another length');
  return publicKey(type, raw);
}

/** Imports an uncompressed point that lies on the curve. */
export function ecPublicKeyFromPoint(namedCurve: SigningCurve, point: Uint8Array): NativeKey {
  if (!ecs[namedCurve].utils.isValidPublicKey(point, false)) throw new TypeError('the point is not on the curve');
  return publicKey(namedCurve, point);
}

export function isOnCurve(key: NativeKey, curve: SigningCurve): boolean {
  return key.keyType === curve;
}

/** A fresh private key as PKCS#8 DER. The caller zeroises the bytes. */
export function generateEcPkcs8(namedCurve: SigningCurve): Uint8Array {
  const { secretKey, publicKey: compressed } = ecs[namedCurve].keygen();
  const point = ecs[namedCurve].Point.fromBytes(compressed).toBytes(false);
  const der = encodeEcPkcs8(namedCurve, secretKey, point);
  secretKey.fill(0);
  return der;
}

/** The raw public key that belongs to `key`: an uncompressed point or the FIPS 203/204 byte string. */
export function rawPublicKey(key: NativeKey): Uint8Array {
  return key.publicRaw.slice();
}

/** With a key of a curve this is DHKEM, as it is in OpenSSL. */
export function kemEncapsulate(key: NativeKey): { ciphertext: Uint8Array; sharedKey: Uint8Array } {
  if (isDhkemCurve(key.keyType)) return dhkemEncapsulate(key.keyType, key);
  const { cipherText, sharedSecret } = kemOf(key).encapsulate(key.publicRaw);
  return { ciphertext: cipherText, sharedKey: sharedSecret };
}

export function kemDecapsulate(key: NativeKey, ciphertext: Uint8Array): Uint8Array {
  if (isDhkemCurve(key.keyType)) return dhkemDecapsulate(key.keyType, key, ciphertext);
  return kemOf(key).decapsulate(ciphertext, secretOf(key));
}

/** Imports a scalar; refuses zero and what reaches the order of the curve. */
export function ecPrivateKeyFromRaw(namedCurve: SigningCurve, scalar: Uint8Array): NativeKey {
  const curve = ecs[namedCurve];
  if (!curve.utils.isValidSecretKey(scalar)) throw new RangeError('the scalar is not one of the curve');
  const secret = scalar.slice();
  return privateKey(namedCurve, secret, curve.getPublicKey(secret, false));
}

export function generateEc(namedCurve: EcCurve): NativeKey {
  const secret = ecs[namedCurve].utils.randomSecretKey();
  return privateKey(namedCurve, secret, ecs[namedCurve].getPublicKey(secret, false));
}

/** Raw Diffie-Hellman on a curve of NIST: the x coordinate of the shared point. */
export function agree(ours: NativeKey, theirs: NativeKey): Uint8Array {
  if (ours.keyType !== theirs.keyType) throw new TypeError('both keys are on one curve');
  const point = ecOf(ours).getSharedSecret(secretOf(ours), theirs.publicRaw, false);
  const x = point.slice(1, 1 + (point.length - 1) / 2);
  point.fill(0);
  return x;
}

/** Raw X25519 (RFC 7748). Throws for a point of low order, whose result would be all zero. */
export function x25519(ours: NativeKey, theirs: NativeKey): Uint8Array {
  if (ours.keyType !== 'x25519' || theirs.keyType !== 'x25519') throw new TypeError('both keys are of X25519');
  return x25519Curve.getSharedSecret(secretOf(ours), theirs.publicRaw);
}

export type { RsaPadding, SignatureHash } from '../native/asymmetric.ts';

export function nativeSign(key: NativeKey, message: Uint8Array, how: How): Uint8Array {
  return signWith(key, message, how);
}

/** Not on a thread: a page that signs large batches, or with SLH-DSA, does so in a worker of its own. */
export async function nativeSignAsync(key: NativeKey, message: Uint8Array, how: How): Promise<Uint8Array> {
  return signWith(key, message, how);
}

export function nativeVerify(key: NativeKey, message: Uint8Array, signature: Uint8Array, how: How): boolean {
  return verifyWithKey(key, message, signature, how);
}

export async function nativeVerifyAsync(
  key: NativeKey,
  message: Uint8Array,
  signature: Uint8Array,
  how: How,
): Promise<boolean> {
  return verifyWithKey(key, message, signature, how);
}
