import { randomBytes } from '@quantumvault/crypto';
import { AppError } from '../../../kernel/app-error.ts';
import { kernelErrors } from '../../../kernel/errors.ts';
import { jobErrors } from './errors.ts';

const firstDelayMs = 1_000;
const longestDelayMs = 5 * 60_000;

/** A number in [0, 1); from the system's random source, since guessable delays would let attackers meet retries. */
export function randomFraction(): number {
  return Buffer.from(randomBytes(4)).readUInt32BE(0) / 2 ** 32;
}

/**
 * How long to wait after the given attempt (1 is the first): doubling from one second to five minutes, of which a
 * random half is taken off, so that jobs that failed together do not come back together.
 */
export function retryDelayMs(attempt: number, fraction: number = randomFraction()): number {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.max(0, attempt - 1));
  return Math.round(full * (0.5 + fraction / 2));
}

/** Failures that the same input will meet again. */
const permanentKinds: ReadonlySet<string> = new Set([
  'invalid',
  'forbidden',
  'not-found',
  'unprocessable',
  'too-large',
]);

export interface Failure {
  readonly code: string;
  /** A sentence that may be shown; the cause of an unexpected failure is only logged. */
  readonly message: string;
  readonly isPermanent: boolean;
  /** The database went away: no fault of the job, so the attempt does not count. */
  readonly isOutage: boolean;
}

export function failureOf(error: unknown): Failure {
  const known = error instanceof AppError ? error : kernelErrors.INTERNAL();
  return {
    code: known.code,
    message: known.message.slice(0, 500),
    isPermanent: permanentKinds.has(known.kind),
    isOutage: known.code === 'DATABASE_UNAVAILABLE',
  };
}

/** INV-9: what is written of a job that has used up its attempts; the last failure stays readable in it. */
export function poisonedBy(failure: Failure): { readonly code: string; readonly message: string } {
  const { code, message } = jobErrors.POISONED();
  if (failure.code === code) return { code, message };
  return { code, message: `The job failed at every attempt; the last time: ${failure.message} [${failure.code}]` };
}
