import {
  type EcCurve,
  ecPublicKeyFromPoint,
  generateEcPkcs8,
  isOnCurve,
  type NativeKey,
  privateKeyFromPkcs8,
  privateKeyFromRaw,
  privateKeyFromSeed,
  publicKeyFromRaw,
  type SignatureHash,
} from '#native/asymmetric';
import { need } from './errors.ts';
import { SecretBytes } from './secret-bytes.ts';

/** Signature algorithms offered today, by registry id. ECDSA signatures are DER (RFC 3279), as X.509 and TLS carry them. */
export const signatureAlgorithms = [
  'Ed25519',
  'ML-DSA-44',
  'ML-DSA-65',
  'ML-DSA-87',
  'ECDSA-P256-SHA256',
  'ECDSA-P384-SHA384',
] as const;
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

/** What differs between the algorithms; `signature.ts` does the rest once for all of them. */
export interface SignatureScheme {
  readonly hash: SignatureHash | null;
  readonly hasContext: boolean;
  readonly publicKeyBytes: number;
  isSignatureLength(length: number): boolean;
  generate(): SecretBytes;
  importPrivate(bytes: Uint8Array): NativeKey;
  importPublic(bytes: Uint8Array): NativeKey;
}

const seedBytes = 32;
const pkcs8Max = 512;

function needSeed(seed: Uint8Array): void {
  need(seed.length === seedBytes, 'CRYPTO_KEY_INVALID', 'the private key is a seed of 32 bytes');
}

function mlDsa(
  type: 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87',
  sizes: { publicKey: number; signature: number },
): SignatureScheme {
  return {
    hash: null,
    hasContext: true,
    publicKeyBytes: sizes.publicKey,
    isSignatureLength: (length) => length === sizes.signature,
    generate: () => SecretBytes.random(seedBytes),
    importPrivate: (seed) => {
      needSeed(seed);
      return privateKeyFromSeed(type, seed);
    },
    importPublic: (raw) => publicKeyFromRaw(type, raw),
  };
}

// The longest DER signature: two integers of the order's length with a sign byte each, and three headers.
function ecdsa(curve: EcCurve, hash: SignatureHash, sizes: { point: number; signatureMax: number }): SignatureScheme {
  return {
    hash,
    hasContext: false,
    publicKeyBytes: sizes.point,
    isSignatureLength: (length) => length >= 8 && length <= sizes.signatureMax,
    generate: () => SecretBytes.take(generateEcPkcs8(curve)),
    importPrivate: (der) => {
      need(der.length <= pkcs8Max, 'CRYPTO_LIMIT', `a ${curve} private key holds at most ${pkcs8Max} bytes`);
      const key = privateKeyFromPkcs8(der);
      need(isOnCurve(key, curve), 'CRYPTO_KEY_INVALID', `the private key is not a ${curve} key`);
      return key;
    },
    importPublic: (point) => {
      need(point[0] === 0x04, 'CRYPTO_KEY_INVALID', `the ${curve} point is uncompressed`);
      return ecPublicKeyFromPoint(curve, point);
    },
  };
}

export const signatureSchemes: Readonly<Record<SignatureAlgorithm, SignatureScheme>> = {
  Ed25519: {
    hash: null,
    // OpenSSL would silently switch to Ed25519ctx, another algorithm of RFC 8032.
    hasContext: false,
    publicKeyBytes: 32,
    isSignatureLength: (length) => length === 64,
    generate: () => SecretBytes.random(seedBytes),
    importPrivate: (seed) => {
      needSeed(seed);
      return privateKeyFromRaw('ed25519', seed);
    },
    importPublic: (raw) => publicKeyFromRaw('ed25519', raw),
  },
  // FIPS 204, table 2.
  'ML-DSA-44': mlDsa('ml-dsa-44', { publicKey: 1312, signature: 2420 }),
  'ML-DSA-65': mlDsa('ml-dsa-65', { publicKey: 1952, signature: 3309 }),
  'ML-DSA-87': mlDsa('ml-dsa-87', { publicKey: 2592, signature: 4627 }),
  'ECDSA-P256-SHA256': ecdsa('P-256', 'sha256', { point: 65, signatureMax: 72 }),
  'ECDSA-P384-SHA384': ecdsa('P-384', 'sha384', { point: 97, signatureMax: 104 }),
};
