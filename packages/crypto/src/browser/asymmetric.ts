import { ed25519, x25519 as x25519Curve } from '@noble/curves/ed25519.js';
import { p256, p384 } from '@noble/curves/nist.js';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import { dhkemDecapsulate, dhkemEncapsulate, isDhkemCurve } from './dhkem.ts';
import { decodeEcPkcs8, type EcCurve, encodeEcPkcs8 } from './ec-pkcs8.ts';
import { type NativeKey, privateKey, publicKey, secretOf } from './key-record.ts';
import { fillRandom } from './random.ts';

export type { EcCurve } from './ec-pkcs8.ts';
export type { NativeKey } from './key-record.ts';

const kems = { 'ml-kem-512': ml_kem512, 'ml-kem-768': ml_kem768, 'ml-kem-1024': ml_kem1024 } as const;
const mlDsas = { 'ml-dsa-44': ml_dsa44, 'ml-dsa-65': ml_dsa65, 'ml-dsa-87': ml_dsa87 } as const;
const ecs = { 'P-256': p256, 'P-384': p384 } as const;

/** d and z of FIPS 203. */
const kemSeedBytes = 64;

type KemType = keyof typeof kems;
type MlDsaType = keyof typeof mlDsas;
type SeedType = KemType | MlDsaType;
type RawType = 'x25519' | 'ed25519';

const isKem = (type: string): type is KemType => Object.hasOwn(kems, type);
const isMlDsa = (type: string): type is MlDsaType => Object.hasOwn(mlDsas, type);
const isEc = (type: string): type is EcCurve => Object.hasOwn(ecs, type);

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
  const decoded = decodeEcPkcs8(der);
  if (decoded === undefined) throw new TypeError('the PKCS#8 form is not one that browsers read');
  const key = ecPrivateKeyFromRaw(decoded.curve, decoded.scalar);
  const fits = key.publicRaw.every((byte, at) => decoded.point[at] === byte);
  if (!fits) throw new TypeError('the private key does not belong to its public point');
  return key;
}

/** Throws for a key of ML-KEM whose coefficients are out of range (FIPS 203 section 7.2), and for a wrong length. */
export function publicKeyFromRaw(type: SeedType | RawType, raw: Uint8Array): NativeKey {
  if (isKem(type)) kems[type].prepare(raw).clean();
  const length = isMlDsa(type) ? mlDsas[type].lengths.publicKey : isKem(type) ? kems[type].lengths.publicKey : 32;
  if (raw.length !== length) throw new RangeError('the public key has another length');
  return publicKey(type, raw);
}

/** Imports an uncompressed point that lies on the curve. */
export function ecPublicKeyFromPoint(namedCurve: EcCurve, point: Uint8Array): NativeKey {
  if (!ecs[namedCurve].utils.isValidPublicKey(point, false)) throw new TypeError('the point is not on the curve');
  return publicKey(namedCurve, point);
}

export function isOnCurve(key: NativeKey, curve: EcCurve): boolean {
  return key.keyType === curve;
}

/** A fresh private key as PKCS#8 DER. The caller zeroises the bytes. */
export function generateEcPkcs8(namedCurve: EcCurve): Uint8Array {
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
export function ecPrivateKeyFromRaw(namedCurve: EcCurve, scalar: Uint8Array): NativeKey {
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

export type SignatureHash = 'sha256' | 'sha384';

interface NativeSignature {
  readonly hash: SignatureHash | null;
  readonly context: Uint8Array | undefined;
}

const hashOfCurve: Readonly<Record<EcCurve, SignatureHash>> = { 'P-256': 'sha256', 'P-384': 'sha384' };

/** The library hashes with the one hash of the curve, so no other may be asked for. */
function ecdsaOf(key: NativeKey, digest: SignatureHash | null) {
  const curve = ecOf(key);
  if (!isEc(key.keyType) || hashOfCurve[key.keyType] !== digest) {
    throw new TypeError('ECDSA signs with the hash of its curve');
  }
  return curve;
}

const withContext = (context: Uint8Array | undefined) => (context === undefined ? {} : { context });

/** ML-DSA hedged, ECDSA with fresh randomness in its nonce (RFC 6979 section 3.6), Ed25519 as RFC 8032 has it. */
export function nativeSign(key: NativeKey, message: Uint8Array, how: NativeSignature): Uint8Array {
  const { keyType } = key;
  if (isMlDsa(keyType)) return mlDsas[keyType].sign(message, secretOf(key), withContext(how.context));
  if (how.context !== undefined) throw new TypeError('the algorithm takes no context');
  if (keyType === 'ed25519') return ed25519.sign(message, secretOf(key));
  const options = { prehash: true, lowS: false, format: 'der', extraEntropy: true } as const;
  return ecdsaOf(key, how.hash).sign(message, secretOf(key), options);
}

/** Not on a thread: a page that signs large batches does so in a worker of its own. */
export async function nativeSignAsync(key: NativeKey, message: Uint8Array, how: NativeSignature): Promise<Uint8Array> {
  return nativeSign(key, message, how);
}

export function nativeVerify(
  key: NativeKey,
  message: Uint8Array,
  signature: Uint8Array,
  how: NativeSignature,
): boolean {
  const { keyType, publicRaw } = key;
  try {
    if (isMlDsa(keyType)) return mlDsas[keyType].verify(signature, message, publicRaw, withContext(how.context));
    if (how.context !== undefined) return false;
    // The library's default follows ZIP 215, which takes signatures that RFC 8032 does not.
    if (keyType === 'ed25519') return ed25519.verify(signature, message, publicRaw, { zip215: false });
    const options = { prehash: true, lowS: false, format: 'der' } as const;
    return ecdsaOf(key, how.hash).verify(signature, message, publicRaw, options);
  } catch {
    // A public key that is no point, or a signature that is no DER.
    return false;
  }
}
