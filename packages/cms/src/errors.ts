/** Every code a {@link CmsError} can carry. */
export type CmsErrorCode =
  /** The bytes break the grammar of CMS, or are another type of message. */
  | 'CMS_MALFORMED'
  /** A kind of message or key, or an algorithm, that is not opened here, such as encryption without authentication. */
  | 'CMS_UNSUPPORTED'
  /** None of the private keys at hand opens a recipient of the message. */
  | 'CMS_KEY_NOT_FOUND'
  /** The content or what is bound to it was changed. */
  | 'CMS_AUTHENTICATION_FAILED'
  /** The private key does not decode. */
  | 'CMS_KEY_INVALID'
  /** Something is larger, or costs more, than this reader allows. */
  | 'CMS_LIMIT';

/**
 * An expected failure of this package, told apart by `code`. The message names the rule that was broken and never holds a
 * key or content.
 */
export class CmsError extends Error {
  override readonly name = 'CmsError';
  readonly code: CmsErrorCode;

  constructor(code: CmsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** The code without its prefix, as the command line shows it. */
  get kind(): string {
    return this.code.slice('CMS_'.length);
  }
}

/** Throws `code` unless `condition` holds. */
export function need(condition: boolean, code: CmsErrorCode, message: string): asserts condition {
  if (!condition) throw new CmsError(code, message);
}
