import type { ActorId, JobId, LeaseToken } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { Job, JobKind, JobStatus, NewJob } from '../domain/job.ts';

export interface JobFilter {
  readonly status?: JobStatus | undefined;
  readonly kind?: JobKind | undefined;
  readonly assetId?: string | undefined;
  /** Places whose jobs are left out: there the reader is denied. */
  readonly denied: readonly string[];
  /** Jobs older than this one. */
  readonly before: string | null;
  readonly limit: number;
}

/** Jobs of the transaction's tenant. All times are the database's. */
export interface JobRepository {
  insert(tx: Transaction, job: NewJob & { id: JobId; requestedBy: ActorId }): Promise<Job>;
  find(tx: Transaction, id: string): Promise<Job | null>;
  list(tx: Transaction, filter: JobFilter): Promise<readonly Job[]>;

  /** Ends a pending job, or asks the worker of a running one to stop; null when the job has ended or does not exist. */
  requestCancel(tx: Transaction, id: string): Promise<Job | null>;

  /**
   * States the starts of those whose leases are valid and who were not asked to stop, and says which are first ones.
   * A lease that is not in the answer is no longer ours.
   */
  begin(tx: Transaction, claims: readonly LeaseOf[]): Promise<ReadonlyMap<LeaseToken, BegunJob>>;

  /** Locks jobs under their leases until the transaction ends; one that is not in the answer is no longer ours. */
  holdLeases(
    tx: Transaction,
    claims: readonly LeaseOf[],
  ): Promise<ReadonlyMap<LeaseToken, { cancelRequested: boolean }>>;

  /** The last statement of jobs that succeeded, fenced by their lease tokens; how many it ended. Fewer: roll back. */
  succeed(tx: Transaction, claims: readonly (LeaseOf & { result: unknown })[]): Promise<number>;

  /** The last statement of a job that did not succeed; false: the lease is no longer ours, roll back. */
  end(
    tx: Transaction,
    claim: LeaseOf,
    outcome: { status: 'failed' | 'cancelled'; error: { code: string; message: string } },
  ): Promise<boolean>;

  /** Back to `pending` after a failed attempt, not before the delay; false: the lease is no longer ours. */
  retry(
    tx: Transaction,
    claim: LeaseOf,
    options: { delayMs: number; error: { code: string; message: string } },
  ): Promise<boolean>;

  setProgress(tx: Transaction, claim: LeaseOf, percent: number): Promise<void>;
}

export interface BegunJob {
  readonly job: Job;
  readonly isFirstStart: boolean;
}

export interface LeaseOf {
  readonly id: JobId;
  readonly token: LeaseToken;
}
