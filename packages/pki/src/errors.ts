/**
 * Every code this package throws. `MALFORMED` means that bytes from outside break their format; `LIMIT_EXCEEDED` that they
 * are larger than anything honest; `INPUT_INVALID` a caller's mistake. A chain that does not hold is no error but an answer.
 */
export const pkiErrorCodes = [
  'PKI_DER_MALFORMED',
  'PKI_LIMIT_EXCEEDED',
  'PKI_INPUT_INVALID',
  'PKI_TLS_PROFILE',
  'PKI_NOT_PERMITTED',
  'PKI_REQUEST_INVALID',
  'PKI_SIGNER_MISMATCH',
  'PKI_SIGNATURE_INVALID',
] as const;

export type PkiErrorCode = (typeof pkiErrorCodes)[number];

/** The one error class of this package; tell cases apart by `code`, never by the message. */
export class PkiError extends Error {
  readonly code: PkiErrorCode;

  constructor(code: PkiErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PkiError';
    this.code = code;
  }
}
