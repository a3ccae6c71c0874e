import { CryptoError, publicKeySpki, type SignatureAlgorithm, type SigningKey } from '@quantumvault/crypto';
import { type Signer, SignerError, type SignerErrorCode, type SignerOptions } from './signer.ts';

// The failures of signing in this process that a caller can have; all others are faults of ours and stay what they are.
const codes: Readonly<Partial<Record<string, SignerErrorCode>>> = {
  CRYPTO_OPTION_UNSUPPORTED: 'SIGNER_CONTEXT_UNSUPPORTED',
  CRYPTO_LIMIT: 'SIGNER_LIMIT',
  CRYPTO_SECRET_DISPOSED: 'SIGNER_REFUSED',
  CRYPTO_POOL_FULL: 'SIGNER_UNAVAILABLE',
};

/** A signer whose key is in this process. The key stays the caller's, who disposes of it. */
export class MemorySigner implements Signer {
  readonly algorithm: SignatureAlgorithm;
  readonly publicKey: Uint8Array;
  readonly #key: SigningKey;

  /** Throws CRYPTO_OPTION_UNSUPPORTED for an algorithm whose public key has no such form. */
  constructor(key: SigningKey) {
    this.algorithm = key.algorithm;
    this.publicKey = publicKeySpki(key.algorithm, key.publicKey);
    this.#key = key;
  }

  async sign(message: Uint8Array, { context }: SignerOptions): Promise<Uint8Array> {
    try {
      // An empty context is none (FIPS 204 section 5.2), and the algorithms that have none are asked without one.
      return await this.#key.signAsync(message, context.length === 0 ? {} : { context });
    } catch (error) {
      const code = error instanceof CryptoError ? codes[error.code] : undefined;
      if (code === undefined || !(error instanceof CryptoError)) throw error;
      throw new SignerError(code, error.message, { cause: error });
    }
  }
}
