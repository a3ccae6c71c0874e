import { type JobView, jobKindSchema, jobStatusSchema } from '@quantumvault/api';
import type { ActorId, AssetId, JobId, LeaseToken, PolicyId, TenantId } from '../../../kernel/ids.ts';

/** The contract names the kinds; the table takes any, so that a release may add one without a migration. */
export const jobKinds = jobKindSchema.options;
export type JobKind = JobView['kind'];

export const jobStatuses = jobStatusSchema.options;
export type JobStatus = JobView['status'];
export type JobResult = NonNullable<JobView['result']>;

/** INV-9: `pending` -> `running` -> `succeeded`, `failed` or `cancelled`; a failed attempt goes back to `pending`. */
export interface Job {
  readonly id: JobId;
  readonly kind: JobKind;
  readonly status: JobStatus;
  readonly assetId: AssetId | null;
  readonly policyId: PolicyId | null;
  readonly policyVersion: number | null;
  readonly input: unknown;
  readonly result: unknown;
  readonly requestedBy: ActorId;
  readonly priority: number;
  readonly runAt: Date;
  readonly attempts: number;
  readonly attemptsMax: number;
  readonly progress: number;
  readonly cancelRequestedAt: Date | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** What another module asks for. */
export interface NewJob {
  readonly kind: JobKind;
  readonly assetId?: AssetId;
  readonly policyId?: PolicyId;
  readonly policyVersion?: number;
  /** JSON; the handler parses it again, since it may be older than the handler. */
  readonly input: unknown;
  readonly priority?: number;
  /** On whose behalf, when that is not the actor who asks: a schedule asks for whoever created it. */
  readonly requestedBy?: ActorId;
  /** The time of a schedule that this job is for. The table takes one job for each. */
  readonly scheduled?: { readonly scheduleId: string; readonly dueAt: Date };
}

/** A job in the hands of this process until its lease ends. */
export interface Claim {
  readonly id: JobId;
  readonly tenantId: TenantId;
  readonly kind: string;
  readonly token: LeaseToken;
  /** The worker was lost in every attempt it had: it only remains to say so. */
  readonly isExhausted: boolean;
}

/** Jobs whose handlers have run out: no state leaves these. */
export const isEnded = (status: JobStatus): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'cancelled';

export function jobView(job: Job): JobView {
  return {
    id: job.id,
    kind: job.kind,
    status: job.status,
    assetId: job.assetId,
    policyId: job.policyId,
    policyVersion: job.policyVersion,
    requestedBy: job.requestedBy,
    priority: job.priority,
    attempts: job.attempts,
    attemptsMax: job.attemptsMax,
    progress: job.progress,
    cancelRequested: job.cancelRequestedAt !== null,
    runAt: job.runAt.toISOString(),
    // The contract's schema parses every answer, so a shape that it does not know cannot leave.
    result: (job.result ?? null) as JobView['result'],
    error: job.errorCode === null ? null : { code: job.errorCode, message: job.errorMessage ?? '' },
    createdAt: job.createdAt.toISOString(),
    startedAt: job.startedAt?.toISOString() ?? null,
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}
