import type { JobView } from '@quantumvault/api';
import type { Actor } from '../../kernel/actor.ts';
import type { JobId, NewId } from '../../kernel/ids.ts';
import type { WriteTransaction } from '../../kernel/unit-of-work.ts';
import { jobView, type NewJob } from './domain/job.ts';
import type { JobRepository } from './ports/job-repository.ts';

/** Accepts a job inside the caller's transaction: the job exists exactly when what asked for it has committed. */
export type EnqueueJob = (tx: WriteTransaction, actor: Actor, job: NewJob) => Promise<JobView>;

/** Workers are woken by the commit itself: a trigger on the table notifies them. */
export function createEnqueueJob(options: { jobs: JobRepository; newId: NewId }): EnqueueJob {
  return async (tx, actor, job) => {
    const id = options.newId<JobId>();
    const stored = await options.jobs.insert(tx, { ...job, id, requestedBy: job.requestedBy ?? actor.id });
    await tx.audit({
      action: 'job.created',
      resource: { type: 'job', id },
      details: {
        kind: job.kind,
        priority: stored.priority,
        ...(job.assetId === undefined ? {} : { assetId: job.assetId }),
        ...(job.scheduled === undefined
          ? {}
          : { scheduleId: job.scheduled.scheduleId, dueAt: job.scheduled.dueAt.toISOString() }),
        ...(job.requestedBy === undefined ? {} : { requestedBy: job.requestedBy }),
        ...(job.policyId === undefined ? {} : { policyId: job.policyId, policyVersion: job.policyVersion ?? null }),
      },
    });
    return jobView(stored);
  };
}
