/** Every code a {@link Bech32Error} can carry. */
export type Bech32ErrorCode =
  /** Another prefix, a wrong checksum, mixed case, or characters and bits that no text of a key has. */
  | 'BECH32_INVALID'
  /** Longer than the text of any key. */
  | 'BECH32_LIMIT';

/** The one error class of this package. The message names the rule that was broken and never quotes the text. */
export class Bech32Error extends Error {
  override readonly name = 'Bech32Error';
  readonly code: Bech32ErrorCode;

  constructor(code: Bech32ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** States a condition in one line: throws `code` when it does not hold. */
export function need(condition: boolean, code: Bech32ErrorCode, message: string): asserts condition {
  if (!condition) throw new Bech32Error(code, message);
}
