/** Every code this package can throw. The union is closed: a caller may switch over it exhaustively. */
export const cryptoErrorCodes = [
  'CRYPTO_ALGORITHM_UNKNOWN',
  'CRYPTO_ASYNC_ONLY',
  'CRYPTO_AUTHENTICATION_FAILED',
  'CRYPTO_CONTEXT_INVALID',
  'CRYPTO_KEY_INVALID',
  'CRYPTO_LIMIT',
  'CRYPTO_MALFORMED',
  'CRYPTO_OPTION_UNSUPPORTED',
  'CRYPTO_POOL_FULL',
  'CRYPTO_RUNTIME_UNSUPPORTED',
  'CRYPTO_SECRET_ACCESS_DENIED',
  'CRYPTO_SECRET_DISPOSED',
  'CRYPTO_SHARE_INVALID',
  'CRYPTO_SHARES_MISSING',
  'CRYPTO_SUITE_UNSUPPORTED',
  'CRYPTO_TRUNCATED',
] as const;

export type CryptoErrorCode = (typeof cryptoErrorCodes)[number];

/**
 * An expected failure of this package, told apart by `code`. The message never holds key material, plaintext,
 * a password or a value of the encryption context, so it may be logged.
 */
export class CryptoError extends Error {
  readonly code: CryptoErrorCode;

  constructor(code: CryptoErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'CryptoError';
    this.code = code;
  }
}

/** Throws a {@link CryptoError} with `code` unless `condition` holds; the one-line check at the edge of each operation. */
export function need(condition: boolean, code: CryptoErrorCode, message: string): asserts condition {
  if (!condition) throw new CryptoError(code, message);
}
