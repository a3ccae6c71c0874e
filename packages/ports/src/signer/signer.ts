import type { SignatureAlgorithm } from '@quantumvault/crypto';

/** Every code a {@link SignerError} can carry. */
export type SignerErrorCode =
  /** A context was given to an algorithm that has none. Signing without it would sign something else. */
  | 'SIGNER_CONTEXT_UNSUPPORTED'
  /** The message or the context is larger than the signer takes. */
  | 'SIGNER_LIMIT'
  /** The backend answered no: the key is disabled, or the caller may not use it. Asking again changes nothing. */
  | 'SIGNER_REFUSED'
  /** The backend cannot be reached or has no room now; asking later may help. */
  | 'SIGNER_UNAVAILABLE';

export class SignerError extends Error {
  override readonly name = 'SignerError';
  readonly code: SignerErrorCode;

  constructor(code: SignerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface SignerOptions {
  /** Separates uses of one key, up to 255 bytes; empty for none, as X.509 and CMS demand. */
  readonly context: Uint8Array;
}

/**
 * A private key that signs, wherever it lives: in this process, a cloud service or a device (PKI-1). Whoever signs asks
 * for nothing else, so the key never has to leave its backend. One signer is one version of one key.
 */
export interface Signer {
  readonly algorithm: SignatureAlgorithm;
  /** SubjectPublicKeyInfo in DER. It stays the same for the life of the signer. */
  readonly publicKey: Uint8Array;

  /**
   * Signs `message` itself, not a digest of it, and leaves both arguments unchanged. The signature has the form of
   * X.509: DER for ECDSA, raw for the others. Two signatures of one message may differ.
   * Throws SIGNER_CONTEXT_UNSUPPORTED, SIGNER_LIMIT, SIGNER_REFUSED, SIGNER_UNAVAILABLE.
   */
  sign(message: Uint8Array, options: SignerOptions): Promise<Uint8Array>;
}
