import type { Problem } from '@quantumvault/api';
import { CliError, type ExitCode, exitCodes, systemCode } from '../errors.ts';
import { safeLines } from '../terminal/safe-text.ts';

// Errors of the SDK are told by name: importing its classes would load the SDK for every command.

/**
 * What really happened. The network of a session renews tokens and asks for proofs, and the SDK takes whatever that throws
 * for a missing answer.
 */
export function causeOf(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'ApiUnreachableError') return error;
  const { cause } = error;
  return cause instanceof CliError || (cause instanceof Error && /^Api\w+Error$/.test(cause.name))
    ? causeOf(cause)
    : error;
}

/** The problem document of a refusal, when the error is one. */
export function problemOf(thrown: unknown): Problem | undefined {
  const error = causeOf(thrown);
  return error instanceof Error && error.name === 'ApiProblemError' && 'problem' in error
    ? (error.problem as Problem)
    : undefined;
}

/** No answer, or one that broke off in the middle. */
export function isUnreachable(thrown: unknown): boolean {
  const error = causeOf(thrown);
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
export function describeFailure(thrown: unknown): Failure {
  const error = causeOf(thrown);
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

function exitOfProblem({ status, code }: Problem): ExitCode {
  if (code === 'APPROVALS_REQUIRED') return exitCodes.waitsForApproval;
  if (awayStatuses.has(status)) return exitCodes.unreachable;
  return status >= 400 && status < 500 ? exitCodes.refused : exitCodes.internal;
}

/** Which command goes on from a refusal, or what to look at. */
const hints: Readonly<Record<string, string>> = {
  IDENTITY_UNAUTHENTICATED:
    'The credential is not valid here: sign in with qv login, or check QV_API_KEY and QV_API_KEY_FILE.',
  IDENTITY_PASSWORD_CHANGE_REQUIRED: 'Run qv password change, then this command again.',
  IDENTITY_SESSION_REQUIRED: 'Run qv login, then this command again without QV_API_KEY.',
  ACCESS_STEP_UP_REQUIRED: 'Run qv mfa step-up, then this command again. With an API key: run qv login first.',
  ACCESS_MFA_REQUIRED: 'Run qv mfa list: without a factor, then qv mfa totp enroll; with one, qv mfa step-up.',
};

function describeProblem(problem: Problem): string {
  const lines = [`${problem.detail} [${problem.code}, ${problem.status}]`];
  for (const { path, message } of problem.errors ?? []) lines.push(`  ${path}: ${message}`);
  const hint = hints[problem.code];
  if (hint !== undefined) lines.push(`  ${hint}`);
  if (problem.approvalId !== undefined) {
    lines.push(`  approval   ${problem.approvalId}`);
    if (problem.planHash !== undefined) lines.push(`  plan hash  ${problem.planHash}`);
    lines.push(`  Others look at it with qv approvals show ${problem.approvalId}`);
    lines.push(`  Follow it with qv approvals wait ${problem.approvalId}, or take it back with qv approvals cancel.`);
  }
  if (problem.requestId !== '') lines.push(`  request ${problem.requestId}`);
  return safeLines(lines.join('\n'));
}
