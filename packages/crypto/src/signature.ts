import { type NativeKey, nativeSign, nativeSignAsync, nativeVerify, rawPublicKey } from '#native/asymmetric';
import { CryptoError, need } from './errors.ts';
import { type CryptoPool, cryptoPool } from './pool.ts';
import { type SecretBytes, secretAccess } from './secret-bytes.ts';
import {
  type SignatureAlgorithm,
  type SignatureScheme,
  signatureAlgorithms,
  signatureSchemes,
} from './signature-schemes.ts';

export interface SigningKeyPair {
  readonly algorithm: SignatureAlgorithm;
  /** Raw: 32 bytes for Ed25519, 1312, 1952 or 2592 for ML-DSA, the uncompressed point of 65 or 97 bytes for ECDSA. */
  readonly publicKey: Uint8Array;
  /** The 32-byte seed for Ed25519 and ML-DSA, PKCS#8 DER for ECDSA. */
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

const contextMax = 255;
const messageMax = 64 * 1024 * 1024;

function schemeOf(algorithm: string): SignatureScheme {
  const scheme = signatureAlgorithms.find((known) => known === algorithm);
  need(scheme !== undefined, 'CRYPTO_ALGORITHM_UNKNOWN', 'the signature algorithm is not offered');
  return signatureSchemes[scheme];
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
function contextOf(scheme: SignatureScheme, options: SignOptions): Uint8Array | undefined {
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
  readonly #scheme: SignatureScheme;
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
  readonly #scheme: SignatureScheme;
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
