import {
  constants,
  createPrivateKey,
  createPublicKey,
  decapsulate,
  diffieHellman,
  encapsulate,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** A key held by OpenSSL. Opaque: only the functions of this file take it, so its bytes never enter JavaScript. */
export type NativeKey = KeyObject;

type SeedType = 'ml-kem-512' | 'ml-kem-768' | 'ml-kem-1024' | 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87';
type RawType = 'x25519' | 'ed25519';

function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

type KemType = 'ml-kem-512' | 'ml-kem-768' | 'ml-kem-1024';

/** A fresh ML-KEM key and its seed, which the caller zeroises: half the time of drawing a seed and importing it. */
export function generateKem(type: KemType): { readonly key: NativeKey; readonly seed: Uint8Array } {
  const { privateKey } = kemPair(type);
  return { key: privateKey, seed: plain(privateKey.export({ format: 'raw-seed' })) };
}

// Each overload of the runtime names its own key type.
function kemPair(type: KemType): { readonly privateKey: KeyObject } {
  if (type === 'ml-kem-512') return generateKeyPairSync('ml-kem-512');
  return type === 'ml-kem-768' ? generateKeyPairSync('ml-kem-768') : generateKeyPairSync('ml-kem-1024');
}

// Importing a seed expands it, at about 0.15 ms: callers that use a key twice keep the NativeKey.
export function privateKeyFromSeed(type: SeedType, seed: Uint8Array): NativeKey {
  return createPrivateKey({
    key: Buffer.from(seed.buffer, seed.byteOffset, seed.byteLength),
    format: 'raw-seed',
    asymmetricKeyType: type,
  });
}

export function privateKeyFromRaw(type: RawType, raw: Uint8Array): NativeKey {
  return createPrivateKey({
    key: Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength),
    format: 'raw-private',
    asymmetricKeyType: type,
  });
}

export function privateKeyFromPkcs8(der: Uint8Array): NativeKey {
  return createPrivateKey({
    key: Buffer.from(der.buffer, der.byteOffset, der.byteLength),
    format: 'der',
    type: 'pkcs8',
  });
}

export function publicKeyFromRaw(type: SeedType | RawType, raw: Uint8Array): NativeKey {
  return createPublicKey({
    key: Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength),
    format: 'raw-public',
    asymmetricKeyType: type,
  });
}

export type EcCurve = 'P-256' | 'P-384';
/** The curves of ECDSA. */
export type SigningCurve = EcCurve | 'P-521';

// What OpenSSL calls them when it describes a key.
const opensslCurves: Readonly<Record<SigningCurve, string>> = {
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
};

/** Imports an uncompressed point, whose other spellings OpenSSL would take too; it checks that the point lies on the curve. */
export function ecPublicKeyFromPoint(namedCurve: SigningCurve, point: Uint8Array): NativeKey {
  if (point[0] !== 0x04) throw new RangeError('the point is not in its uncompressed form');
  return createPublicKey({
    key: Buffer.from(point.buffer, point.byteOffset, point.byteLength),
    format: 'raw-public',
    asymmetricKeyType: 'ec',
    namedCurve,
  });
}

export function isOnCurve(key: NativeKey, curve: SigningCurve): boolean {
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === opensslCurves[curve];
}

/** A fresh private key as PKCS#8 DER. The caller zeroises the bytes. */
export function generateEcPkcs8(namedCurve: SigningCurve): Uint8Array {
  return plain(generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'der', type: 'pkcs8' }));
}

/** The raw public key that belongs to `key`: an encoded point or the FIPS 203/204 byte string. */
export function rawPublicKey(key: NativeKey): Uint8Array {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return plain(publicKey.export({ format: 'raw-public' }));
}

export function kemEncapsulate(publicKey: NativeKey): { ciphertext: Uint8Array; sharedKey: Uint8Array } {
  const { ciphertext, sharedKey } = encapsulate(publicKey);
  return { ciphertext: plain(ciphertext), sharedKey: plain(sharedKey) };
}

export function kemDecapsulate(privateKey: NativeKey, ciphertext: Uint8Array): Uint8Array {
  return plain(decapsulate(privateKey, ciphertext));
}

/** Imports a scalar. OpenSSL takes zero and what reaches the order of the curve too, so hpke/scalar.ts is asked first. */
export function ecPrivateKeyFromRaw(namedCurve: SigningCurve, scalar: Uint8Array): NativeKey {
  return createPrivateKey({
    key: Buffer.from(scalar.buffer, scalar.byteOffset, scalar.byteLength),
    format: 'raw-private',
    asymmetricKeyType: 'ec',
    namedCurve,
  });
}

export function generateEc(namedCurve: EcCurve): NativeKey {
  return generateKeyPairSync('ec', { namedCurve }).privateKey;
}

/** Raw Diffie-Hellman on a curve of NIST: the x coordinate of the shared point. */
export function agree(privateKey: NativeKey, publicKey: NativeKey): Uint8Array {
  return plain(diffieHellman({ privateKey, publicKey }));
}

/** Raw X25519 (RFC 7748). OpenSSL refuses a low-order point, whose result would be all zero. */
export function x25519(privateKey: NativeKey, publicKey: NativeKey): Uint8Array {
  return plain(diffieHellman({ privateKey, publicKey }));
}

export type SignatureHash = 'sha256' | 'sha384' | 'sha512';
export type RsaPadding = 'pss' | 'pkcs1';

interface NativeSignature {
  readonly hash: SignatureHash | null;
  readonly context: Uint8Array | undefined;
  /** For RSA keys alone. */
  readonly padding?: RsaPadding | undefined;
}

function keyInput(key: NativeKey, { context, padding }: NativeSignature) {
  if (context !== undefined) return { key, context };
  if (padding === undefined) return { key, dsaEncoding: 'der' as const };
  if (padding === 'pkcs1') return { key, padding: constants.RSA_PKCS1_PADDING };
  // A salt of the digest's length, as TLS, X.509 and JOSE have it; a verifier accepts no other.
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}

export function nativeSign(key: NativeKey, message: Uint8Array, how: NativeSignature): Uint8Array {
  return plain(sign(how.hash, message, keyInput(key, how)));
}

export function nativeSignAsync(key: NativeKey, message: Uint8Array, how: NativeSignature): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    sign(how.hash, message, keyInput(key, how), (error, signature) => {
      if (error) reject(error);
      else resolve(plain(signature));
    });
  });
}

export function nativeVerify(
  key: NativeKey,
  message: Uint8Array,
  signature: Uint8Array,
  how: NativeSignature,
): boolean {
  return verify(how.hash, message, keyInput(key, how), signature);
}

export function nativeVerifyAsync(
  key: NativeKey,
  message: Uint8Array,
  signature: Uint8Array,
  how: NativeSignature,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(how.hash, message, keyInput(key, how), signature, (error, isGenuine) => {
      if (error) reject(error);
      else resolve(isGenuine);
    });
  });
}
