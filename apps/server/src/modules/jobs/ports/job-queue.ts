import type { Claim } from '../domain/job.ts';
import type { LeaseOf } from './job-repository.ts';

/**
 * The worker's side of the job table, over all tenants and without any content (ACC-1: the role sees ids and leases).
 * A lease is compared with the database's clock alone.
 */
export interface JobQueue {
  /** Takes due jobs, and running ones whose lease has ended; each claim gets a new token. */
  claim(options: { limit: number; leaseSeconds: number }): Promise<readonly Claim[]>;
  /** Extends leases that are still ours; what is missing in the answer is lost. */
  heartbeat(
    held: readonly LeaseOf[],
    leaseSeconds: number,
  ): Promise<readonly { readonly id: string; readonly cancelRequested: boolean }[]>;
  /** Gives jobs back that were not worked on to an end; the attempt does not count. */
  release(held: readonly LeaseOf[], delayMs: number): Promise<void>;
  counts(): Promise<{ readonly pending: number; readonly running: number }>;
}
