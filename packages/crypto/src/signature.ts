import { CryptoError, need } from './errors.ts';
import { type CryptoPool, cryptoPool } from './pool.ts';
import type { SecretBytes } from './secret-bytes.ts';
import type { GenerateOptions, SchemeSigner, SchemeVerifier, SignatureScheme } from './signature/scheme.ts';
import { type SignatureAlgorithm, signatureAlgorithms, signatureSchemes } from './signature-schemes.ts';

/**
 * A key pair in the forms that are stored and passed on.
 *
 * | algorithm | public key | private key |
 * |---|---|---|
 * | Ed25519, ML-DSA | raw: 32, 1312, 1952 or 2592 bytes | the 32-byte seed; for ML-DSA also the expanded key |
 * | ECDSA | the uncompressed point | PKCS#8 DER |
 * | RSA | RSAPublicKey (RFC 8017), DER | PKCS#8 DER |
 * | SLH-DSA | raw: 32, 48 or 64 bytes | raw (FIPS 205): twice as long, the public key last |
 * | FN-DSA | raw: 897 or 1793 bytes | the encoded secret key, then the public key |
 * | composites | ML-DSA's, then the classical one | ML-DSA's seed, then Ed25519's seed or an ECPrivateKey (RFC 5915) |
 */
export interface SigningKeyPair<A extends SignatureAlgorithm = SignatureAlgorithm> {
  readonly algorithm: A;
  readonly publicKey: Uint8Array;
  readonly privateKey: SecretBytes;
}

export interface SignOptions {
  /** Up to 255 bytes that separate uses of one key: ML-DSA, SLH-DSA and composites. The other algorithms refuse it. */
  readonly context?: Uint8Array | undefined;
}

export interface VerifyInput extends SignOptions {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

const contextMax = 255;
const messageMax = 64 * 1024 * 1024;

function schemeOf(algorithm: string): SignatureScheme {
  const known = signatureAlgorithms.find((candidate) => candidate === algorithm);
  need(known !== undefined, 'CRYPTO_ALGORITHM_UNKNOWN', 'the signature algorithm is not offered');
  return signatureSchemes[known];
}

// CRY-10: what takes long has no synchronous form, so that nobody stalls the event loop by accident.
function atOnce<T>(scheme: SignatureScheme, action: T | undefined): T {
  if (scheme.isSync && action !== undefined) return action;
  throw new CryptoError('CRYPTO_ASYNC_ONLY', 'this signature algorithm has asynchronous calls alone');
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
  /** As in {@link SigningKeyPair}. */
  readonly publicKey: Uint8Array;
  readonly #scheme: SignatureScheme;
  readonly #signer: SchemeSigner;

  constructor(algorithm: SignatureAlgorithm, privateKey: SecretBytes) {
    this.#scheme = schemeOf(algorithm);
    this.#signer = this.#scheme.importPrivate(privateKey);
    this.algorithm = algorithm;
    this.publicKey = this.#signer.publicKey;
  }

  /**
   * Signs `message` at once. ML-DSA is pure and hedged (FIPS 204 section 5.2), so two calls differ; ECDSA differs too;
   * Ed25519 does not. Throws CRYPTO_ASYNC_ONLY for an algorithm that is not in `syncSignatureAlgorithms`,
   * CRYPTO_OPTION_UNSUPPORTED, CRYPTO_LIMIT, and CRYPTO_SECRET_DISPOSED after dispose.
   */
  sign(message: Uint8Array, options: SignOptions = {}): Uint8Array {
    const context = contextOf(this.#scheme, options);
    needMessage(message);
    return atOnce(this.#scheme, this.#signer.sign)(message, context);
  }

  /** {@link sign} on a thread of the pool (CRY-10); every algorithm has it. */
  async signAsync(message: Uint8Array, options: SignOptions = {}, pool: CryptoPool = cryptoPool): Promise<Uint8Array> {
    const context = contextOf(this.#scheme, options);
    needMessage(message);
    return this.#signer.signAsync(message, context, pool);
  }

  /** Lets go of the key; OpenSSL erases it when the collector frees it. */
  dispose(): void {
    this.#signer.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** A public key ready to verify, decoded once, for loops over many signatures. Made by {@link importVerifyKey}. */
export class VerifyKey {
  readonly algorithm: SignatureAlgorithm;
  readonly #scheme: SignatureScheme;
  readonly #verifier: SchemeVerifier;

  constructor(algorithm: SignatureAlgorithm, publicKey: Uint8Array) {
    this.#scheme = schemeOf(algorithm);
    const { min, max } = this.#scheme.publicKeyBytes;
    const bytes = min === max ? `${min}` : `${min} to ${max}`;
    const isLength = publicKey.length >= min && publicKey.length <= max;
    need(isLength, 'CRYPTO_KEY_INVALID', `the public key has ${bytes} bytes`);
    this.algorithm = algorithm;
    this.#verifier = this.#scheme.importPublic(publicKey);
  }

  /**
   * Whether `signature` is genuine. A malformed signature is false, never an error. Throws CRYPTO_ASYNC_ONLY for an algorithm
   * that is not in `syncSignatureAlgorithms`.
   */
  verify(input: VerifyInput): boolean {
    const context = this.#check(input);
    const verify = atOnce(this.#scheme, this.#verifier.verify);
    const { message, signature } = input;
    return this.#verifier.isSignatureLength(signature.length) && verify(message, signature, context);
  }

  /** {@link verify} on a thread of the pool; every algorithm has it. */
  async verifyAsync(input: VerifyInput, pool: CryptoPool = cryptoPool): Promise<boolean> {
    const context = this.#check(input);
    const { message, signature } = input;
    if (!this.#verifier.isSignatureLength(signature.length)) return false;
    return this.#verifier.verifyAsync(message, signature, context, pool);
  }

  #check({ message, context }: VerifyInput): Uint8Array | undefined {
    const checked = contextOf(this.#scheme, { context });
    needMessage(message);
    return checked;
  }
}

/**
 * A new key pair, at once. Throws CRYPTO_ALGORITHM_UNKNOWN for a name that is not in {@link signatureAlgorithms}, and
 * CRYPTO_ASYNC_ONLY for one that is not in `syncSignatureAlgorithms`.
 */
export function generateSigningKey<A extends SignatureAlgorithm>(algorithm: A): SigningKeyPair<A> {
  const scheme = schemeOf(algorithm);
  const privateKey = atOnce(scheme, scheme.generate)();
  using key = new SigningKey(algorithm, privateKey);
  return { algorithm, publicKey: key.publicKey, privateKey };
}

/**
 * A new key pair of any algorithm, made on a thread where that takes long. RSA takes `modulusBits`; the other algorithms
 * refuse it.
 */
export async function generateSigningKeyAsync<A extends SignatureAlgorithm>(
  algorithm: A,
  options: GenerateOptions = {},
  pool: CryptoPool = cryptoPool,
): Promise<SigningKeyPair<A>> {
  for (const name of Object.keys(options)) {
    const isKnown = name === 'modulusBits' && algorithm.startsWith('RSA-');
    need(isKnown, 'CRYPTO_OPTION_UNSUPPORTED', 'key generation knows no other option than modulusBits, for RSA');
  }
  const privateKey = await schemeOf(algorithm).generateAsync(pool, options);
  using key = new SigningKey(algorithm, privateKey);
  return { algorithm, publicKey: key.publicKey, privateKey };
}

/** Expands a private key for signing. Throws CRYPTO_ALGORITHM_UNKNOWN, CRYPTO_KEY_INVALID or CRYPTO_LIMIT. */
export function importSigningKey(input: {
  readonly algorithm: SignatureAlgorithm;
  readonly privateKey: SecretBytes;
}): SigningKey {
  return new SigningKey(input.algorithm, input.privateKey);
}

/** Decodes and checks a public key. Throws CRYPTO_ALGORITHM_UNKNOWN or CRYPTO_KEY_INVALID. */
export function importVerifyKey(input: {
  readonly algorithm: SignatureAlgorithm;
  readonly publicKey: Uint8Array;
}): VerifyKey {
  return new VerifyKey(input.algorithm, input.publicKey);
}

/** {@link verifySignatureAsync} at once, for the algorithms in `syncSignatureAlgorithms`. */
export function verifySignature(
  input: VerifyInput & { readonly algorithm: SignatureAlgorithm; readonly publicKey: Uint8Array },
): boolean {
  const { message, signature, context } = input;
  return importVerifyKey(input).verify({ message, signature, context });
}

/**
 * Verifies one signature. False for a signature that is not genuine or not well formed; throws CRYPTO_KEY_INVALID
 * for a public key that is not one, because that is a fault of the caller's trust store.
 */
export async function verifySignatureAsync(
  input: VerifyInput & { readonly algorithm: SignatureAlgorithm; readonly publicKey: Uint8Array },
  pool: CryptoPool = cryptoPool,
): Promise<boolean> {
  const { message, signature, context } = input;
  return importVerifyKey(input).verifyAsync({ message, signature, context }, pool);
}
