/** What went wrong in terms that every transport can map; one exhaustive mapping per transport. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'precondition-failed'
  | 'too-large'
  | 'unsupported-media-type'
  | 'unprocessable'
  | 'precondition-required'
  | 'rate-limited'
  | 'internal'
  | 'unavailable';

export interface ErrorDefinition {
  readonly kind: ErrorKind;
  /** What a caller reads, in docs/reference/errors.md and, unless a detail is given, in the answer. */
  readonly sentence: string;
  /** Somebody pretends, or is made to: counted per address and minute like missing credentials (AUD-1). */
  readonly isCounted?: true;
}

export interface FieldProblem {
  /** Where in the request, e.g. `body.name`. Never the value. */
  readonly path: string;
  readonly message: string;
}

export interface AppErrorOptions {
  readonly detail?: string;
  readonly fields?: readonly FieldProblem[];
  readonly retryAfterSeconds?: number;
  /** Further members of the problem document (RFC 9457 section 3.2), named in the contract; never a secret. */
  readonly extensions?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An expected failure with a stable code. Anything else that is thrown becomes `INTERNAL` without details. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: string;
  readonly kind: ErrorKind;
  readonly fields: readonly FieldProblem[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly extensions: Readonly<Record<string, string>>;
  readonly isCounted: boolean;

  constructor(code: string, definition: ErrorDefinition, options: AppErrorOptions = {}) {
    super(options.detail ?? definition.sentence, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.kind = definition.kind;
    this.fields = options.fields;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.extensions = options.extensions ?? {};
    this.isCounted = definition.isCounted === true;
  }
}

/**
 * Declares the codes that a module owns. The table is also what docs/reference/errors.md is checked against.
 *
 * @example
 * export const jobErrors = defineErrors({ JOBS_NOT_FOUND: { kind: 'not-found', sentence: 'No such job.' } });
 * throw jobErrors.JOBS_NOT_FOUND();
 */
export function defineErrors<const T extends Record<string, ErrorDefinition>>(
  table: T,
): { readonly [Code in keyof T]: (options?: AppErrorOptions) => AppError } {
  const entries = Object.entries(table).map(([code, definition]) => [
    code,
    (options?: AppErrorOptions) => new AppError(code, definition, options),
  ]);
  return Object.fromEntries(entries) as { readonly [Code in keyof T]: (options?: AppErrorOptions) => AppError };
}
