import type { Problem } from '@quantumvault/api';
import { CliError, type ExitCode, exitCodes, systemCode } from '../errors.ts';
import { safeLines } from '../terminal/safe-text.ts';

// Errors of the SDK are told by name: importing its classes would load the SDK for every command.

/** The problem document of a refusal, when the error is one. */
export function problemOf(error: unknown): Problem | undefined {
  return error instanceof Error && error.name === 'ApiProblemError' && 'problem' in error
    ? (error.problem as Problem)
    : undefined;
}

/** No answer, or one that broke off in the middle. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'ApiUnreachableError' || (error instanceof TypeError && error.message === 'terminated');
}

// What a gateway says for a server that is not there, and the server itself while its database is away.
const awayStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

/** Worth trying again: nobody there, not ready, or too many requests. */
export function isPassing(error: unknown): boolean {
  const status = problemOf(error)?.status;
  return isUnreachable(error) || (status !== undefined && (awayStatuses.has(status) || status === 429));
}

// Our own format, and those of others that are opened here.
const fileErrors: ReadonlySet<string> = new Set(['EnvelopeError', 'AgeError', 'CmsError']);

/** What an encrypted file was refused for, when the error is one of those packages: `MALFORMED` and so on. */
function fileKindOf(error: unknown): string | undefined {
  return error instanceof Error && fileErrors.has(error.name) && 'kind' in error ? String(error.kind) : undefined;
}

export interface Failure {
  readonly exitCode: ExitCode;
  readonly message: string;
}

/** Turns whatever a command threw into an exit code and a sentence that says what to do. */
export function describeFailure(error: unknown): Failure {
  const problem = problemOf(error);
  if (problem !== undefined) return { exitCode: exitOfProblem(problem), message: describeProblem(problem) };
  if (error instanceof CliError) return { exitCode: error.exitCode, message: safeLines(error.message) };
  const kind = fileKindOf(error);
  if (kind !== undefined && error instanceof Error) {
    return { exitCode: exitCodes.negative, message: `${safeLines(error.message)} [${kind}]` };
  }
  if (isUnreachable(error)) {
    const message =
      error instanceof Error && error.name === 'ApiUnreachableError' ? error.message : 'the answer broke off';
    return {
      exitCode: exitCodes.unreachable,
      message: `${safeLines(message)} (${systemCode(error)}). Start the server with npm start, or set QV_URL.`,
    };
  }
  const name = error instanceof Error ? error.name : 'unknown error';
  if (name === 'ZodError' || name === '$ZodError') {
    const sentence = "the server's answer does not fit this version of qv; use the one that belongs to the server";
    return { exitCode: exitCodes.internal, message: sentence };
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : name;
  return { exitCode: exitCodes.internal, message: `internal error: ${safeLines(detail)}` };
}

function exitOfProblem({ status }: Problem): ExitCode {
  if (awayStatuses.has(status)) return exitCodes.unreachable;
  return status >= 400 && status < 500 ? exitCodes.refused : exitCodes.internal;
}

function describeProblem(problem: Problem): string {
  const lines = [`${problem.detail} [${problem.code}, ${problem.status}]`];
  for (const { path, message } of problem.errors ?? []) lines.push(`  ${path}: ${message}`);
  if (problem.status === 401) lines.push('  The API key is not valid here: check QV_API_KEY or QV_API_KEY_FILE.');
  if (problem.requestId !== '') lines.push(`  request ${problem.requestId}`);
  return safeLines(lines.join('\n'));
}
