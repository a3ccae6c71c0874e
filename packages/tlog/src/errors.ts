/** Every code a {@link TlogError} can carry. */
export type TlogErrorCode =
  | 'TLOG_BASE64_INVALID'
  | 'TLOG_CBOR_INVALID'
  | 'TLOG_CBOR_UNSUPPORTED'
  | 'TLOG_CHECKPOINT_INVALID'
  | 'TLOG_EVENT_INVALID'
  | 'TLOG_EVENT_TOO_LARGE'
  | 'TLOG_EXPORT_INVALID'
  | 'TLOG_KEY_INVALID'
  | 'TLOG_LEAF_INVALID'
  | 'TLOG_PROOF_INVALID'
  | 'TLOG_RANGE_INVALID'
  | 'TLOG_TILE_INVALID'
  | 'TLOG_TILE_MISSING'
  | 'TLOG_UUID_INVALID';

/** The one error class of this package. The message names the rule that was broken and never quotes the data. */
export class TlogError extends Error {
  override readonly name = 'TlogError';
  readonly code: TlogErrorCode;

  constructor(code: TlogErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** States a condition in one line: throws `code` when it does not hold. */
export function need(condition: boolean, code: TlogErrorCode, message: string): asserts condition {
  if (!condition) throw new TlogError(code, message);
}
