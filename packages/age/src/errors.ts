import { CryptoError } from '@quantumvault/crypto';

/** Every code an {@link AgeError} can carry. */
export type AgeErrorCode =
  /** The ASCII armor is not in the one form that it can have. */
  | 'AGE_ARMOR_MALFORMED'
  /** The header of the file, or a stanza that concerns one of the keys at hand, is not in the one form that it can have. */
  | 'AGE_HEADER_MALFORMED'
  /** A version of the format other than v1. */
  | 'AGE_VERSION_UNSUPPORTED'
  /** None of the keys or passphrases at hand opens a stanza. */
  | 'AGE_NO_MATCH'
  /** The file key is right, but its MAC does not fit the header: somebody changed the header. */
  | 'AGE_HEADER_FORGED'
  /** The content was changed, cut or lengthened. What came before is genuine, and the whole is not. */
  | 'AGE_PAYLOAD_INVALID'
  /** The text of a recipient or an identity was miscopied, or is of a type that is not offered. */
  | 'AGE_KEY_INVALID'
  /** Recipients that must not share one file: a passphrase with anything, post-quantum keys with older ones. */
  | 'AGE_RECIPIENTS_MIXED'
  /** Something is larger, or costs more, than this reader allows. */
  | 'AGE_LIMIT';

/**
 * An expected failure of this package, told apart by `code`. The message names the rule that was broken and never holds a
 * key, a passphrase or content.
 */
export class AgeError extends Error {
  override readonly name = 'AgeError';
  readonly code: AgeErrorCode;

  constructor(code: AgeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** The code without its prefix, as the command line shows it. */
  get kind(): string {
    return this.code.slice('AGE_'.length);
  }
}

/** Throws `code` unless `condition` holds. */
export function need(condition: boolean, code: AgeErrorCode, message: string): asserts condition {
  if (!condition) throw new AgeError(code, message);
}

/** Whether an error says that a key does not open a ciphertext, which is an answer and no accident. */
export function isAuthenticationFailure(error: unknown): boolean {
  return error instanceof CryptoError && error.code === 'CRYPTO_AUTHENTICATION_FAILED';
}
