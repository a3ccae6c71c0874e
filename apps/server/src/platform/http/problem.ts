import type { Problem } from '@quantumvault/api';
import { AppError, type ErrorKind } from '../../kernel/app-error.ts';
import { kernelErrors } from '../../kernel/errors.ts';
import { databaseFailure } from '../postgres/unit-of-work.ts';

/** The one mapping of errors to HTTP (RFC 9110, RFC 9457). */
const statusOf: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'precondition-failed': 412,
  'too-large': 413,
  'unsupported-media-type': 415,
  unprocessable: 422,
  'precondition-required': 428,
  'rate-limited': 429,
  internal: 500,
  unavailable: 503,
};

const titleOf: Readonly<Record<ErrorKind, string>> = {
  invalid: 'Bad request',
  unauthenticated: 'Unauthenticated',
  forbidden: 'Forbidden',
  'not-found': 'Not found',
  conflict: 'Conflict',
  'precondition-failed': 'Precondition failed',
  'too-large': 'Content too large',
  'unsupported-media-type': 'Unsupported media type',
  unprocessable: 'Unprocessable content',
  'precondition-required': 'Precondition required',
  'rate-limited': 'Too many requests',
  internal: 'Internal error',
  unavailable: 'Unavailable',
};

/** What the HTTP framework itself refuses, before any code of ours. */
function frameworkError(error: Error): AppError | null {
  const code: unknown = Reflect.get(error, 'code');
  const status: unknown = Reflect.get(error, 'statusCode') ?? Reflect.get(error, 'status');
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || status === 413) return kernelErrors.REQUEST_TOO_LARGE();
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' || status === 415) return kernelErrors.REQUEST_MEDIA_TYPE();
  if (status === 404) return kernelErrors.REQUEST_NOT_FOUND();
  if (status === 429) return kernelErrors.REQUEST_RATE_LIMITED();
  if (typeof status === 'number' && status >= 400 && status < 500)
    return kernelErrors.REQUEST_INVALID({ detail: 'The request is not well-formed.' });
  return null;
}

/** Turns anything thrown into an error that may be shown. What is not expected becomes `INTERNAL`, without details. */
export function publicError(thrown: unknown): AppError {
  const error = databaseFailure(thrown);
  if (error instanceof AppError) return error;
  if (error instanceof Error) return frameworkError(error) ?? kernelErrors.INTERNAL({ cause: error });
  return kernelErrors.INTERNAL({ cause: error });
}

export function problemOf(error: AppError, requestId: string): Problem {
  return {
    type: `https://quantumvault.invalid/problems/${error.code}`,
    title: titleOf[error.kind],
    status: statusOf[error.kind],
    code: error.code,
    detail: error.message,
    requestId,
    ...(error.fields === undefined ? {} : { errors: [...error.fields] }),
    ...error.extensions,
  };
}
