import { CryptoError } from '@quantumvault/crypto';

/** Every code that an {@link EnvelopeError} can carry. */
export type EnvelopeErrorCode =
  /** Not a QV1 envelope, or not in the one form that it can have. */
  | 'ENVELOPE_MALFORMED'
  /** A version, suite, flag or critical field that this reader does not know. */
  | 'ENVELOPE_UNSUPPORTED'
  /** None of the keys at hand is among the recipients. */
  | 'ENVELOPE_KEY_NOT_FOUND'
  /** The key is there, but its state forbids its use. */
  | 'ENVELOPE_KEY_STATE'
  /** Wrong key, or something was changed: the wrap, the recipients, the header or a segment. */
  | 'ENVELOPE_AUTHENTICATION_FAILED'
  /** The envelope belongs to another organization, purpose or encryption context than the caller expects. */
  | 'ENVELOPE_CONTEXT_MISMATCH'
  /** The envelope ends too early. */
  | 'ENVELOPE_TRUNCATED'
  /** Something is larger, or costs more, than the format allows. */
  | 'ENVELOPE_LIMIT'
  /** A key backend did not answer; its own error is the cause. */
  | 'ENVELOPE_BACKEND';

const kindOf = {
  ENVELOPE_MALFORMED: 'MALFORMED',
  ENVELOPE_UNSUPPORTED: 'UNSUPPORTED',
  ENVELOPE_KEY_NOT_FOUND: 'KEY_NOT_FOUND',
  ENVELOPE_KEY_STATE: 'KEY_STATE',
  ENVELOPE_AUTHENTICATION_FAILED: 'AUTHENTICATION_FAILED',
  ENVELOPE_CONTEXT_MISMATCH: 'CONTEXT_MISMATCH',
  ENVELOPE_TRUNCATED: 'TRUNCATED',
  ENVELOPE_LIMIT: 'LIMIT',
  ENVELOPE_BACKEND: 'BACKEND',
} as const satisfies Readonly<Record<EnvelopeErrorCode, string>>;

/** What can go wrong with an envelope (ENV-9). The union is closed. */
export type EnvelopeErrorKind = (typeof kindOf)[EnvelopeErrorCode];

/**
 * An expected failure of this package. The exact kind is for tests and for the owner of the data; whoever answers
 * others passes the error through {@link outsideError} first. The message never holds a key, plaintext or context.
 */
export class EnvelopeError extends Error {
  override readonly name = 'EnvelopeError';
  readonly code: EnvelopeErrorCode;

  constructor(code: EnvelopeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** The word of ENV-9, as vectors and specification have it. */
  get kind(): EnvelopeErrorKind {
    return kindOf[this.code];
  }
}

/** Throws `code` unless `condition` holds. */
export function need(condition: boolean, code: EnvelopeErrorCode, message: string): asserts condition {
  if (!condition) throw new EnvelopeError(code, message);
}

const authentication: ReadonlySet<EnvelopeErrorCode> = new Set([
  'ENVELOPE_AUTHENTICATION_FAILED',
  'ENVELOPE_CONTEXT_MISMATCH',
  'ENVELOPE_TRUNCATED',
]);

/**
 * ENV-9: what an outsider may see. Every failure that depends on keys, context or content is one and the same error
 * without a cause, so that nobody learns from the answer how far a forgery came.
 */
export function outsideError(error: EnvelopeError): EnvelopeError {
  if (!authentication.has(error.code)) return error;
  return new EnvelopeError('ENVELOPE_AUTHENTICATION_FAILED', 'the envelope does not open');
}

/** Errors of the crypto package in the words of this one; all others, such as those of a source, pass unchanged. */
export function asEnvelopeError(error: unknown): unknown {
  if (!(error instanceof CryptoError) || error.code === 'CRYPTO_POOL_FULL') return error;
  return new EnvelopeError(codeFor(error), error.message, { cause: error });
}

function codeFor({ code }: CryptoError): EnvelopeErrorCode {
  if (code === 'CRYPTO_TRUNCATED') return 'ENVELOPE_TRUNCATED';
  if (code === 'CRYPTO_KEY_INVALID') return 'ENVELOPE_MALFORMED';
  return code === 'CRYPTO_LIMIT' ? 'ENVELOPE_LIMIT' : 'ENVELOPE_AUTHENTICATION_FAILED';
}
