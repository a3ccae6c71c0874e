import type { ActorId, JobId, LeaseToken } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { Job, JobKind, JobStatus, NewJob } from '../domain/job.ts';

export interface JobFilter {
  readonly status?: JobStatus | undefined;
  readonly kind?: JobKind | undefined;
  readonly assetId?: string | undefined;
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
   * Under a valid lease: states the start and says whether it is the first one. Null: the lease is no longer ours.
   */
  begin(tx: Transaction, claim: LeaseOf): Promise<{ job: Job; isFirstStart: boolean } | null>;

  /** Locks the job under its lease until the transaction ends; null: the lease is no longer ours. */
  holdLease(tx: Transaction, claim: LeaseOf): Promise<{ cancelRequested: boolean } | null>;

  /** The last statement of a job, fenced by the lease token; false: the lease is no longer ours, roll back. */
  end(
    tx: Transaction,
    claim: LeaseOf,
    outcome: {
      status: 'succeeded' | 'failed' | 'cancelled';
      result?: unknown;
      error?: { code: string; message: string };
    },
  ): Promise<boolean>;

  /** Back to `pending` after a failed attempt, not before the delay; false: the lease is no longer ours. */
  retry(
    tx: Transaction,
    claim: LeaseOf,
    options: { delayMs: number; error: { code: string; message: string } },
  ): Promise<boolean>;

  setProgress(tx: Transaction, claim: LeaseOf, percent: number): Promise<void>;
}

export interface LeaseOf {
  readonly id: JobId;
  readonly token: LeaseToken;
}
