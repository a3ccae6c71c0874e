import {
  ecPublicKeyFromPoint,
  generateEcPkcs8,
  isOnCurve,
  privateKeyFromPkcs8,
  privateKeyFromRaw,
  privateKeyFromSeed,
  publicKeyFromRaw,
  type RsaPadding,
  type SignatureHash,
  type SigningCurve,
} from '#native/asymmetric';
import {
  describeRsa,
  ecScalar,
  generateRsaPkcs8,
  generateSlhDsaRaw,
  type MlDsaType,
  rsaPublicKey,
  type SlhDsaType,
  slhDsaPrivateKey,
  slhDsaPublicKey,
} from '#native/signature-keys';
import { need } from '../errors.ts';
import { SecretBytes } from '../secret-bytes.ts';
import { isEcScalar } from './ec-scalar.ts';
import { expandedPkcs8 } from './expanded-key.ts';
import { importing, importingSecret, type NativeWay, nativeSigner, nativeVerifier } from './native-key.ts';
import { exactly, generatedAtOnce, type SignatureScheme } from './scheme.ts';

const seedBytes = 32;
const ecPkcs8Max = 512;
const rsaPkcs8Max = 4096;

export const ed25519: SignatureScheme = {
  ...generatedAtOnce(() => SecretBytes.random(seedBytes)),
  // OpenSSL would silently switch to Ed25519ctx, another algorithm of RFC 8032.
  hasContext: false,
  publicKeyBytes: exactly(32),
  importPrivate: (privateKey) => {
    need(privateKey.length === seedBytes, 'CRYPTO_KEY_INVALID', 'the private key is a seed of 32 bytes');
    return nativeSigner(
      importingSecret(privateKey, (seed) => privateKeyFromRaw('ed25519', seed)),
      ed25519Way,
    );
  },
  importPublic: (raw) =>
    nativeVerifier(
      importing('public', () => publicKeyFromRaw('ed25519', raw)),
      ed25519Way,
    ),
};
const ed25519Way: NativeWay = { hash: null, lane: 'native', isSignatureLength: (length) => length === 64 };

export interface MlDsaSizes {
  readonly publicKey: number;
  readonly expandedKey: number;
  readonly signature: number;
}

/** FIPS 204, pure. A private key is the seed, or the expanded key of a foreign file that lacks the seed (RFC 9881). */
export function mlDsa(type: MlDsaType, sizes: MlDsaSizes): SignatureScheme {
  const way: NativeWay = { hash: null, lane: 'native', isSignatureLength: (length) => length === sizes.signature };
  return {
    ...generatedAtOnce(() => SecretBytes.random(seedBytes)),
    hasContext: true,
    publicKeyBytes: exactly(sizes.publicKey),
    importPrivate: (privateKey) => {
      const isExpanded = privateKey.length === sizes.expandedKey;
      const isKey = isExpanded || privateKey.length === seedBytes;
      need(isKey, 'CRYPTO_KEY_INVALID', `the private key is a seed of 32 bytes or an expanded one of ${type}`);
      if (!isExpanded) {
        return nativeSigner(
          importingSecret(privateKey, (seed) => privateKeyFromSeed(type, seed)),
          way,
        );
      }
      using der = expandedPkcs8(type, privateKey);
      return nativeSigner(importingSecret(der, privateKeyFromPkcs8), way);
    },
    importPublic: (raw) =>
      nativeVerifier(
        importing('public', () => publicKeyFromRaw(type, raw)),
        way,
      ),
  };
}

export interface EcdsaSizes {
  readonly point: number;
  /** The longest DER signature: two integers of the order's length with a sign byte each, and three headers. */
  readonly signatureMax: number;
}

export function importEcPkcs8(curve: SigningCurve, privateKey: SecretBytes) {
  return importingSecret(privateKey, (der) => {
    need(der.length <= ecPkcs8Max, 'CRYPTO_LIMIT', `a ${curve} private key holds at most ${ecPkcs8Max} bytes`);
    const key = privateKeyFromPkcs8(der);
    need(isOnCurve(key, curve), 'CRYPTO_KEY_INVALID', `the private key is not a ${curve} key`);
    const scalar = ecScalar(key);
    const isScalar = isEcScalar(curve, scalar);
    scalar.fill(0);
    need(isScalar, 'CRYPTO_KEY_INVALID', `the private key is out of the range of ${curve}`);
    return key;
  });
}

export function importEcPoint(curve: SigningCurve, point: Uint8Array) {
  return importing('public', () => {
    need(point[0] === 0x04, 'CRYPTO_KEY_INVALID', `the ${curve} point is uncompressed`);
    return ecPublicKeyFromPoint(curve, point);
  });
}

const ecdsaWay = (hash: SignatureHash, sizes: EcdsaSizes): NativeWay => ({
  hash,
  lane: 'native',
  isSignatureLength: (length) => length >= 8 && length <= sizes.signatureMax,
});

/** ECDSA on a curve that signs in about a tenth of a millisecond. */
export function ecdsa(curve: SigningCurve, hash: SignatureHash, sizes: EcdsaSizes): SignatureScheme {
  const way = ecdsaWay(hash, sizes);
  return {
    ...generatedAtOnce(() => SecretBytes.take(generateEcPkcs8(curve))),
    hasContext: false,
    publicKeyBytes: exactly(sizes.point),
    importPrivate: (privateKey) => nativeSigner(importEcPkcs8(curve, privateKey), way),
    importPublic: (point) => nativeVerifier(importEcPoint(curve, point), way),
  };
}

/** ECDSA on P-521, which takes a millisecond and more. */
export function slowEcdsa(curve: SigningCurve, hash: SignatureHash, sizes: EcdsaSizes): SignatureScheme {
  return { ...ecdsa(curve, hash, sizes), isSync: false };
}

/**
 * FIPS 205, pure and hedged. A private key is its raw form, whose last half is the public key. Each signature is verified
 * before it is handed out: that costs a hundredth of the time, and catches a wrong root and a fault in the computation,
 * after which a signature could give away a one-time key.
 */
export function slhDsa(type: SlhDsaType, sizes: { readonly n: number; readonly signature: number }): SignatureScheme {
  const way: NativeWay = {
    hash: null,
    lane: 'slow',
    isChecked: true,
    isSignatureLength: (length) => length === sizes.signature,
  };
  return {
    isSync: false,
    hasContext: true,
    publicKeyBytes: exactly(2 * sizes.n),
    generateAsync: (pool) => pool.run('slow', async () => SecretBytes.take(await generateSlhDsaRaw(type))),
    importPrivate: (privateKey) => {
      const bytes = 4 * sizes.n;
      need(privateKey.length === bytes, 'CRYPTO_KEY_INVALID', `the private key of ${type} has ${bytes} bytes`);
      return nativeSigner(
        importingSecret(privateKey, (raw) => slhDsaPrivateKey(type, raw)),
        way,
      );
    },
    importPublic: (raw) =>
      nativeVerifier(
        importing('public', () => slhDsaPublicKey(type, raw)),
        way,
      ),
  };
}

const rsaBits: readonly number[] = [2048, 3072, 4096];
const rsaDefaultBits = 3072;

/** Throws CRYPTO_KEY_INVALID for a modulus that is not offered, and for exponents that FIPS 186-5 does not allow. */
function checkRsa(key: Parameters<typeof describeRsa>[0]) {
  const facts = describeRsa(key);
  need(facts !== undefined, 'CRYPTO_KEY_INVALID', 'the key is not an RSA key');
  need(rsaBits.includes(facts.modulusBits), 'CRYPTO_KEY_INVALID', 'an RSA key has 2048, 3072 or 4096 bits');
  const isExponent = facts.exponent >= 65_537n && facts.exponent % 2n === 1n;
  need(isExponent, 'CRYPTO_KEY_INVALID', 'the public exponent of an RSA key is odd and at least 65537');
  return facts;
}

/** RSA with SHA-256. The public key is an RSAPublicKey (RFC 8017), the private key PKCS#8, both DER. */
export function rsa(padding: RsaPadding): SignatureScheme {
  const way = (modulusBits: number): NativeWay => ({
    hash: 'sha256',
    padding,
    lane: 'native',
    isSignatureLength: (length) => length === modulusBits / 8,
  });
  return {
    isSync: false,
    hasContext: false,
    // Modulus and exponent as DER: 2048 bits with 65537, to 4096 bits with the longest exponent that OpenSSL takes.
    publicKeyBytes: { min: 270, max: 560 },
    generateAsync: (pool, { modulusBits = rsaDefaultBits }) => {
      need(rsaBits.includes(modulusBits), 'CRYPTO_LIMIT', 'an RSA key has 2048, 3072 or 4096 bits');
      return pool.run('slow', async () => SecretBytes.take(await generateRsaPkcs8(modulusBits)));
    },
    importPrivate: (privateKey) => {
      need(privateKey.length <= rsaPkcs8Max, 'CRYPTO_LIMIT', `an RSA private key holds at most ${rsaPkcs8Max} bytes`);
      const key = importingSecret(privateKey, privateKeyFromPkcs8);
      const { der, modulusBits } = checkRsa(key);
      return nativeSigner(key, way(modulusBits), der);
    },
    importPublic: (raw) => {
      const key = importing('public', () => rsaPublicKey(raw));
      const { der, modulusBits } = checkRsa(key);
      // A second encoding of one key would be a second fingerprint of it.
      const isCanonical = der.length === raw.length && der.every((byte, index) => byte === raw[index]);
      need(isCanonical, 'CRYPTO_KEY_INVALID', 'the RSA key is not encoded in DER');
      return nativeVerifier(key, way(modulusBits));
    },
  };
}
