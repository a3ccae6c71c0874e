import { GraphQLError } from 'graphql';
import type { AppError } from '../../../kernel/app-error.ts';
import { problemOf, publicError } from '../../http/problem.ts';
import type { Logger } from '../../logging/logger.ts';
import { graphqlLimits } from './limits.ts';

/** An error of an answer: what a problem document says, in the place that GraphQL has for it. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

export interface GraphqlAnswer {
  readonly data?: unknown;
  readonly errors?: readonly AnswerError[];
}

/** IFC-2: the same code, status and detail that REST answers with. */
export function answerError(error: AppError, requestId: string): AnswerError {
  const { status, code, detail, errors } = problemOf(error, requestId);
  return {
    message: detail,
    extensions: {
      code,
      status,
      requestId,
      ...(errors === undefined ? {} : { errors }),
      ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
    },
  };
}

/** The errors of an execution. What is not expected becomes `INTERNAL` and goes to the log; the library's words never leave. */
export function answerErrors(
  errors: readonly unknown[],
  options: { readonly requestId: string; readonly logger: Logger },
): AnswerError[] {
  const { requestId, logger } = options;
  return errors.slice(0, graphqlLimits.errors).map((thrown) => {
    const isOfField = thrown instanceof GraphQLError;
    const error = publicError((isOfField ? thrown.originalError : undefined) ?? thrown);
    const path = isOfField ? thrown.path : undefined;
    if (error.kind === 'internal')
      logger.error({ requestId, code: error.code, err: error.cause, path }, 'a field failed');
    return { ...answerError(error, requestId), ...(path === undefined ? {} : { path }) };
  });
}
