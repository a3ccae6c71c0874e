/** Every code a {@link CborError} can carry. */
export type CborErrorCode =
  /** The bytes are not the one encoding of a value of the expected type. */
  | 'CBOR_INVALID'
  /** The value has no encoding: a float, a lone surrogate, an integer beyond 64 bits, or too deep a nesting. */
  | 'CBOR_UNSUPPORTED';

/** The one error class of this package. The message names the rule that was broken and never quotes the data. */
export class CborError extends Error {
  override readonly name = 'CborError';
  readonly code: CborErrorCode;

  constructor(code: CborErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** States a condition in one line: throws `code` when it does not hold. */
export function need(condition: boolean, code: CborErrorCode, message: string): asserts condition {
  if (!condition) throw new CborError(code, message);
}
