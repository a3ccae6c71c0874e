import type { Actor } from '../../../kernel/actor.ts';
import type { Permission } from '../../../kernel/permissions.ts';
import type { WriteTransaction } from '../../../kernel/unit-of-work.ts';
import type { Job, JobKind, JobResult } from '../domain/job.ts';

export interface JobContext {
  /** Kind `job`: the job acts, on behalf of `job.requestedBy`. */
  readonly actor: Actor;
  /** Fires when the job is cancelled, its lease is lost or the process stops; stop soon and throw. */
  readonly signal: AbortSignal;
  /** Percent done; cheap to call often, at most one write is under way at a time. */
  progress(percent: number): void;
  /**
   * Keeps a part of the work before its end, as for the results of a long scan: `step` runs in a write transaction of its
   * own, under the job's lease, and has to state an event as every write does. What it stores stays when the job fails,
   * is cancelled or runs again, so a step must be such that running it again adds nothing. Throws `JOBS_LEASE_LOST`
   * when another worker has the job and `JOBS_CANCELLED` when it is to stop; then nothing of the step was kept.
   */
  checkpoint(step: (tx: WriteTransaction) => Promise<void>): Promise<void>;
}

/**
 * What the job changes, run inside the transaction that completes it: either both are there or neither. `details` are
 * added to the `job.completed` event and follow its rules: ids, counts, names of algorithms.
 */
export type JobEffect = (tx: WriteTransaction) => Promise<{
  readonly result: JobResult;
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}>;

/** What a module brings for its kind of job. */
export interface JobHandler {
  readonly kind: JobKind;
  /** What whoever asked must still be allowed when it runs; without it the work is the installation's own. */
  readonly permission?: Permission;
  /**
   * The effects are short and touch no rows that others wait for but those of the job's own asset: then the effects of
   * several jobs may share a transaction. Each stays by itself otherwise; one that fails takes none with it.
   */
  readonly effectsShareTransaction?: true;
  /**
   * Does the slow part, outside of any transaction: it may run again after a crash, so it changes nothing that lasts.
   * What must last is in the effect that it returns, or in a checkpoint. Throws `AppError`; kinds such as not-found are not retried.
   */
  run(job: Job, context: JobContext): Promise<JobEffect>;
}

/** A handler of work that people ask for. */
export type RequestedJobHandler = JobHandler & { readonly permission: Permission };
