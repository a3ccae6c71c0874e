/**
 * Every code this package throws. `MALFORMED` codes mean that bytes from outside break their format;
 * `LIMIT_EXCEEDED` means that they are larger than anything honest; `INPUT_INVALID` means a caller's mistake.
 */
export const pkiErrorCodes = ['PKI_DER_MALFORMED', 'PKI_LIMIT_EXCEEDED', 'PKI_INPUT_INVALID'] as const;

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
