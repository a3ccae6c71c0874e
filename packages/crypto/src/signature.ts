import { CryptoError, need } from './errors.ts';
import {
  generateP256Pkcs8,
  isP256,
  type NativeKey,
  nativeSign,
  nativeSignAsync,
  nativeVerify,
  p256PublicKeyFromPoint,
  privateKeyFromPkcs8,
  privateKeyFromRaw,
  privateKeyFromSeed,
  publicKeyFromRaw,
  rawPublicKey,
} from './native/asymmetric.ts';
import { type CryptoPool, cryptoPool } from './pool.ts';
import { SecretBytes, secretAccess } from './secret-bytes.ts';

/** Signature algorithms offered today, by registry id. ECDSA signatures are DER (RFC 3279), as X.509 and TLS carry them. */
export const signatureAlgorithms = ['Ed25519', 'ML-DSA-44', 'ECDSA-P256-SHA256'] as const;
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

export interface SigningKeyPair {
  readonly algorithm: SignatureAlgorithm;
  /** Raw: 32 bytes for Ed25519, 1312 for ML-DSA-44, the uncompressed point of 65 bytes for P-256. */
  readonly publicKey: Uint8Array;
  /** The 32-byte seed for Ed25519 and ML-DSA-44, PKCS#8 DER for P-256. */
  readonly privateKey: SecretBytes;
}

export interface SignOptions {
  /** Up to 255 bytes that separate uses of one ML-DSA key (FIPS 204); the other algorithms refuse it. */
  readonly context?: Uint8Array | undefined;
}

export interface VerifyInput extends SignOptions {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

interface Scheme {
  readonly hash: 'sha256' | null;
  readonly hasContext: boolean;
  readonly publicKeyBytes: number;
  isSignatureLength(length: number): boolean;
  generate(): SecretBytes;
  importPrivate(bytes: Uint8Array): NativeKey;
  importPublic(bytes: Uint8Array): NativeKey;
}

const seedBytes = 32;
const contextMax = 255;
const pkcs8Max = 512;
const messageMax = 64 * 1024 * 1024;

function needSeed(seed: Uint8Array): void {
  need(seed.length === seedBytes, 'CRYPTO_KEY_INVALID', 'the private key is a seed of 32 bytes');
}

const schemes: Readonly<Record<SignatureAlgorithm, Scheme>> = {
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
  'ML-DSA-44': {
    hash: null,
    hasContext: true,
    publicKeyBytes: 1312,
    isSignatureLength: (length) => length === 2420,
    generate: () => SecretBytes.random(seedBytes),
    importPrivate: (seed) => {
      needSeed(seed);
      return privateKeyFromSeed('ml-dsa-44', seed);
    },
    importPublic: (raw) => publicKeyFromRaw('ml-dsa-44', raw),
  },
  'ECDSA-P256-SHA256': {
    hash: 'sha256',
    hasContext: false,
    publicKeyBytes: 65,
    isSignatureLength: (length) => length >= 8 && length <= 72,
    generate: () => SecretBytes.take(generateP256Pkcs8()),
    importPrivate: (der) => {
      need(der.length <= pkcs8Max, 'CRYPTO_LIMIT', `a P-256 private key holds at most ${pkcs8Max} bytes`);
      const key = privateKeyFromPkcs8(der);
      need(isP256(key), 'CRYPTO_KEY_INVALID', 'the private key is not a P-256 key');
      return key;
    },
    importPublic: (point) => {
      need(point[0] === 0x04, 'CRYPTO_KEY_INVALID', 'the P-256 point is uncompressed');
      return p256PublicKeyFromPoint(point);
    },
  },
};

function schemeOf(algorithm: string): Scheme {
  const scheme = signatureAlgorithms.find((known) => known === algorithm);
  need(scheme !== undefined, 'CRYPTO_ALGORITHM_UNKNOWN', 'the signature algorithm is not offered');
  return schemes[scheme];
}

function importing(what: string, action: () => NativeKey): NativeKey {
  try {
    return action();
  } catch (cause) {
    if (cause instanceof CryptoError) throw cause;
    // OpenSSL's own text may quote what it parsed: for a private key nothing of it leaves this function.
    throw new CryptoError('CRYPTO_KEY_INVALID', `the ${what} key does not decode`);
  }
}

// The runtime ignores options it does not know: `{deterministic: true}` would still sign hedged. Here they are refused.
function contextOf(scheme: Scheme, options: SignOptions): Uint8Array | undefined {
  for (const name of Object.keys(options)) {
    need(name === 'context', 'CRYPTO_OPTION_UNSUPPORTED', 'signing knows no other option than context');
  }
  const { context } = options;
  if (context === undefined) return undefined;
  need(scheme.hasContext, 'CRYPTO_OPTION_UNSUPPORTED', 'this signature algorithm takes no context');
  need(context.length <= contextMax, 'CRYPTO_LIMIT', `a signature context holds at most ${contextMax} bytes`);
  return context;
}

function needMessage(message: Uint8Array): void {
  need(message.length <= messageMax, 'CRYPTO_LIMIT', `a signed message holds at most ${messageMax} bytes`);
}

/** A private key ready to sign: expanded once and held by OpenSSL. Made by {@link importSigningKey}. */
export class SigningKey implements Disposable {
  readonly algorithm: SignatureAlgorithm;
  /** Raw, as in {@link SigningKeyPair}. */
  readonly publicKey: Uint8Array;
  readonly #scheme: Scheme;
  #key: NativeKey | undefined;

  constructor(algorithm: SignatureAlgorithm, privateKey: SecretBytes) {
    const scheme = schemeOf(algorithm);
    const key = importing('private', () => privateKey.open(secretAccess, (bytes) => scheme.importPrivate(bytes)));
    this.algorithm = algorithm;
    this.#scheme = scheme;
    this.#key = key;
    this.publicKey = rawPublicKey(key);
  }

  /**
   * Signs `message`. ML-DSA is pure and hedged (FIPS 204 section 5.2), so two calls differ; ECDSA differs too; Ed25519
   * does not. Throws CRYPTO_OPTION_UNSUPPORTED, CRYPTO_LIMIT, and CRYPTO_SECRET_DISPOSED after dispose.
   */
  sign(message: Uint8Array, options: SignOptions = {}): Uint8Array {
    const context = contextOf(this.#scheme, options);
    needMessage(message);
    return nativeSign(this.#open(), message, { hash: this.#scheme.hash, context });
  }

  /** {@link sign} on a thread of the pool (CRY-10): ML-DSA takes more than a tenth of a millisecond. */
  async signAsync(message: Uint8Array, options: SignOptions = {}, pool: CryptoPool = cryptoPool): Promise<Uint8Array> {
    const context = contextOf(this.#scheme, options);
    needMessage(message);
    const key = this.#open();
    return pool.run('native', () => nativeSignAsync(key, message, { hash: this.#scheme.hash, context }));
  }

  #open(): NativeKey {
    if (this.#key === undefined) throw new CryptoError('CRYPTO_SECRET_DISPOSED', 'the signing key was disposed');
    return this.#key;
  }

  /** Lets go of the native key; OpenSSL erases it when the collector frees it. */
  dispose(): void {
    this.#key = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** A public key ready to verify, decoded once, for loops over many signatures. Made by {@link importVerifyKey}. */
export class VerifyKey {
  readonly algorithm: SignatureAlgorithm;
  readonly #scheme: Scheme;
  readonly #key: NativeKey;

  constructor(algorithm: SignatureAlgorithm, publicKey: Uint8Array) {
    const scheme = schemeOf(algorithm);
    need(
      publicKey.length === scheme.publicKeyBytes,
      'CRYPTO_KEY_INVALID',
      `the public key has ${scheme.publicKeyBytes} bytes`,
    );
    this.algorithm = algorithm;
    this.#scheme = scheme;
    this.#key = importing('public', () => scheme.importPublic(publicKey));
  }

  /** Whether `signature` is genuine. A malformed signature is false, never an error. */
  verify({ message, signature, context }: VerifyInput): boolean {
    const checked = contextOf(this.#scheme, { context });
    needMessage(message);
    if (!this.#scheme.isSignatureLength(signature.length)) return false;
    return nativeVerify(this.#key, message, signature, { hash: this.#scheme.hash, context: checked });
  }
}

/** A new key pair. Throws CRYPTO_ALGORITHM_UNKNOWN for a name that is not in {@link signatureAlgorithms}. */
export function generateSigningKey(algorithm: SignatureAlgorithm): SigningKeyPair {
  const privateKey = schemeOf(algorithm).generate();
  using key = new SigningKey(algorithm, privateKey);
  return { algorithm, publicKey: key.publicKey, privateKey };
}

/** Expands a private key for signing. Throws CRYPTO_ALGORITHM_UNKNOWN or CRYPTO_KEY_INVALID. */
export function importSigningKey(input: {
  readonly algorithm: SignatureAlgorithm;
  readonly privateKey: SecretBytes;
}): SigningKey {
  return new SigningKey(input.algorithm, input.privateKey);
}

/** Decodes and checks a raw public key. Throws CRYPTO_ALGORITHM_UNKNOWN or CRYPTO_KEY_INVALID. */
export function importVerifyKey(input: {
  readonly algorithm: SignatureAlgorithm;
  readonly publicKey: Uint8Array;
}): VerifyKey {
  return new VerifyKey(input.algorithm, input.publicKey);
}

/**
 * Verifies one signature. False for a signature that is not genuine or not well formed; throws CRYPTO_KEY_INVALID
 * for a public key that is not one, because that is a fault of the caller's trust store.
 */
export function verifySignature(
  input: VerifyInput & { readonly algorithm: SignatureAlgorithm; readonly publicKey: Uint8Array },
): boolean {
  const { message, signature, context } = input;
  return importVerifyKey(input).verify({ message, signature, context });
}
