import {
  constants,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPair,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto';

/*
 * Keys of KEMs beyond seeds: curves with their raw scalars and points, RSA with OAEP, and expanded ML-KEM keys. Whatever
 * takes bytes throws OpenSSL's own error when they are no key; the callers turn that into ours.
 */

/** A key held by OpenSSL. */
export type NativeKemKey = KeyObject;

export type NativeAgreementCurve =
  | 'x25519'
  | 'x448'
  | 'P-256'
  | 'P-384'
  | 'P-521'
  | 'brainpoolP256r1'
  | 'brainpoolP384r1';

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const plain = (buffer: Buffer): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);

export function curvePrivateKey(curve: NativeAgreementCurve, raw: Uint8Array): NativeKemKey {
  const key = asBuffer(raw);
  return curve === 'x25519' || curve === 'x448'
    ? createPrivateKey({ key, format: 'raw-private', asymmetricKeyType: curve })
    : createPrivateKey({ key, format: 'raw-private', asymmetricKeyType: 'ec', namedCurve: curve });
}

/**
 * An uncompressed point of a Weierstrass curve, or the u coordinate of a Montgomery one; OpenSSL checks that the former is
 * on the curve. It would also take compressed points and the hybrid form of X9.62 (06 and 07): second spellings of a key,
 * whose bytes go into combiners, so they are refused here.
 */
export function curvePublicKey(curve: NativeAgreementCurve, raw: Uint8Array): NativeKemKey {
  const key = asBuffer(raw);
  if (curve === 'x25519' || curve === 'x448') {
    return createPublicKey({ key, format: 'raw-public', asymmetricKeyType: curve });
  }
  if (raw[0] !== 0x04) throw new RangeError('the point is not in its uncompressed form');
  return createPublicKey({ key, format: 'raw-public', asymmetricKeyType: 'ec', namedCurve: curve });
}

export function generateCurveKey(curve: NativeAgreementCurve): NativeKemKey {
  if (curve === 'x25519') return generateKeyPairSync('x25519').privateKey;
  if (curve === 'x448') return generateKeyPairSync('x448').privateKey;
  return generateKeyPairSync('ec', { namedCurve: curve }).privateKey;
}

export function rawCurvePrivateKey(key: NativeKemKey): Uint8Array {
  return plain(key.export({ format: 'raw-private' }));
}

/** Raw Diffie-Hellman. OpenSSL refuses a point of low order, whose result would be all zero. */
export function agreeRaw(privateKey: NativeKemKey, publicKey: NativeKemKey): Uint8Array {
  return plain(diffieHellman({ privateKey, publicKey }));
}

/** Reads RSAPrivateKey or RSAPublicKey of PKCS#1, in DER. */
export function rsaPrivateKey(der: Uint8Array): NativeKemKey {
  return createPrivateKey({ key: asBuffer(der), format: 'der', type: 'pkcs1' });
}

export function rsaPublicKey(der: Uint8Array): NativeKemKey {
  return createPublicKey({ key: asBuffer(der), format: 'der', type: 'pkcs1' });
}

/** RSAPublicKey in DER, of either half. */
export function rsaPublicDer(key: NativeKemKey): Uint8Array {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return plain(publicKey.export({ format: 'der', type: 'pkcs1' }));
}

export function rsaPrivateDer(key: NativeKemKey): Uint8Array {
  return plain(key.export({ format: 'der', type: 'pkcs1' }));
}

export function rsaModulusBits(key: NativeKemKey): number | undefined {
  return key.asymmetricKeyDetails?.modulusLength;
}

/** On a thread of its own: looking for primes takes from 50 ms to seconds. */
export function generateRsaKey(modulusLength: number): Promise<NativeKemKey> {
  return new Promise((resolve, reject) => {
    generateKeyPair('rsa', { modulusLength }, (error, _publicKey, privateKey) => {
      if (error === null) resolve(privateKey);
      else reject(error);
    });
  });
}

// OAEP with SHA-256 for both the hash and MGF1, which follows it, and the empty label.
const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' } as const;

export function oaepEncrypt(key: NativeKemKey, secret: Uint8Array): Uint8Array {
  return plain(publicEncrypt({ key, ...oaep }, asBuffer(secret)));
}

export function oaepDecrypt(key: NativeKemKey, ciphertext: Uint8Array): Uint8Array {
  return plain(privateDecrypt({ key, ...oaep }, asBuffer(ciphertext)));
}

// PKCS#8 around the expanded form of RFC 9935: the runtime takes no raw one. The lengths are fixed by the parameter set.
const expandedHeads = {
  'ml-kem-512': '30820678020100300b060960864801650304040104820664 04820660',
  'ml-kem-768': '30820978020100300b060960864801650304040204820964 04820960',
  'ml-kem-1024': '30820c78020100300b060960864801650304040304820c64 04820c60',
} as const;

/** An expanded decapsulation key (FIPS 203 section 7.1); OpenSSL checks that its hash belongs to its public half. */
export function expandedKemKey(type: keyof typeof expandedHeads, expanded: Uint8Array): NativeKemKey {
  const der = Buffer.concat([Buffer.from(expandedHeads[type].replace(' ', ''), 'hex'), expanded]);
  try {
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  } finally {
    der.fill(0);
  }
}
