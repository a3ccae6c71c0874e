import { noAccess } from '../../../kernel/access.ts';
import { type Actor, internalRequest, noCredential } from '../../../kernel/actor.ts';
import { AppError } from '../../../kernel/app-error.ts';
import { idFrom } from '../../../kernel/ids.ts';
import { systemActorId } from '../../../kernel/system-actor.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import type { Logger } from '../../../platform/logging/logger.ts';
import type { MayNow } from '../../access/index.ts';
import { jobErrors } from '../domain/errors.ts';
import { type Failure, failureOf, poisonedBy, retryDelayMs } from '../domain/failure.ts';
import type { Claim, Job } from '../domain/job.ts';
import type { JobHandler } from '../ports/job-handler.ts';
import type { JobMetrics } from '../ports/job-metrics.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { JobRepository } from '../ports/job-repository.ts';
import { interruptionOf } from './interruption.ts';
import { JobTransactions } from './job-transactions.ts';
import { reportProgress } from './report-progress.ts';

export interface RunClaimOptions {
  readonly uow: UnitOfWork;
  readonly jobs: JobRepository;
  readonly queue: JobQueue;
  readonly handlers: ReadonlyMap<string, JobHandler>;
  readonly metrics: JobMetrics;
  readonly logger: Logger;
  /** Without it nobody is asked again; only tests of other things go without. */
  readonly mayNow?: MayNow;
}

const outageDelayMs = 500;

/** The job itself acts (ACC-1); on whose behalf is in the details of each of its events. */
export function jobActor(claim: Pick<Claim, 'id' | 'tenantId'>): Actor {
  return {
    kind: 'job',
    id: idFrom(claim.id),
    tenantId: claim.tenantId,
    access: noAccess,
    credential: noCredential,
    request: internalRequest(claim.id),
    approval: null,
  };
}

/**
 * Takes one claimed job to an end, a retry or back to the queue (INV-9). Two transactions: one states the start, one
 * holds the effect, the completion and its audit event together; see `JobTransactions`. Never throws: what cannot be written now is taken over when the lease ends.
 */
export class ClaimRunner {
  readonly #options: RunClaimOptions;
  readonly #transactions: JobTransactions;
  constructor(options: RunClaimOptions) {
    this.#options = options;
    this.#transactions = new JobTransactions(options);
  }

  async run(claim: Claim, signal: AbortSignal): Promise<void> {
    try {
      await this.#attempt(claim, signal);
    } catch (error) {
      await this.#afterFailure(claim, signal, error).catch((cause: unknown) => {
        this.#log(claim, cause, 'the outcome of a job could not be written; it is taken over when its lease ends');
      });
    }
  }

  async #attempt(claim: Claim, signal: AbortSignal): Promise<void> {
    if (claim.isExhausted) throw jobErrors.POISONED();
    const handler = this.#options.handlers.get(claim.kind);
    if (handler === undefined) throw jobErrors.JOBS_KIND_UNKNOWN();
    const actor = jobActor(claim);
    const job = await this.#transactions.begin({ actor, claim });
    await this.#needRight(claim, job, handler);
    signal.throwIfAborted();
    const progress = reportProgress({ uow: this.#options.uow, jobs: this.#options.jobs, claim });
    const effect = await handler.run(job, {
      actor,
      signal,
      progress: progress.report,
      checkpoint: async (step) => {
        signal.throwIfAborted();
        await this.#transactions.checkpoint({ actor, claim }, step);
      },
    });
    await progress.settled();
    signal.throwIfAborted();
    // A job that has failed before goes alone: if it breaks what it is in, it breaks nothing of others a second time.
    const together = handler.effectsShareTransaction === true && job.attempts === 1;
    await this.#transactions.complete({ actor, claim, job, effect }, { together });
    this.#options.metrics.jobsCompleted(claim.kind);
  }

  /** ACC-7: a job runs with the rights that whoever asked for it holds now, and not with those of the time of asking. */
  async #needRight({ tenantId }: Claim, job: Job, { permission }: JobHandler): Promise<void> {
    const { mayNow, uow } = this.#options;
    if (permission === undefined || mayNow === undefined || job.requestedBy === systemActorId) return;
    const resource = { type: 'job', id: job.id };
    const ask = { subjectId: job.requestedBy, action: permission, resource, wasRequested: true } as const;
    if (!(await uow.read(tenantId, (tx) => mayNow(tx, ask)))) throw jobErrors.JOBS_REQUESTER_GONE();
  }

  async #afterFailure(claim: Claim, signal: AbortSignal, error: unknown): Promise<void> {
    const failure = failureOf(error);
    const interruption = interruptionOf(signal);
    if (failure.code === 'JOBS_LEASE_LOST' || interruption === 'lease-lost') {
      this.#log(claim, null, 'a job was taken over by another worker');
      return;
    }
    if (interruption === 'stopping' || failure.isOutage) {
      await this.#options.queue.release([claim], failure.isOutage ? outageDelayMs : 0);
      return;
    }
    const isCancelled = interruption === 'cancelled' || failure.code === 'JOBS_CANCELLED';
    if (!isCancelled && !(error instanceof AppError)) this.#log(claim, error, 'a job failed unexpectedly');
    const wasRetried =
      !isCancelled && !claim.isExhausted && !failure.isPermanent && (await this.#retry(claim, failure));
    if (!wasRetried) await this.#end(claim, failure, isCancelled);
  }

  /** True when another attempt will follow; false when there is none left or the job was cancelled meanwhile. */
  #retry(claim: Claim, failure: Failure): Promise<boolean> {
    const { uow, jobs } = this.#options;
    const reason = 'a failed attempt changes nothing; the end of the job is the event';
    return uow.writeUnaudited({ tenantId: claim.tenantId, reason }, async (tx) => {
      const lease = (await jobs.holdLeases(tx, [claim])).get(claim.token);
      if (lease === undefined) throw jobErrors.JOBS_LEASE_LOST();
      const job = await jobs.find(tx, claim.id);
      if (job === null || lease.cancelRequested || job.attempts >= job.attemptsMax) return false;
      return jobs.retry(tx, claim, { delayMs: retryDelayMs(job.attempts), error: failure });
    });
  }

  async #end(claim: Claim, failure: Failure, wasInterrupted: boolean): Promise<void> {
    const { uow, jobs, metrics } = this.#options;
    await uow.write(jobActor(claim), async (tx) => {
      const lease = (await jobs.holdLeases(tx, [claim])).get(claim.token);
      const job = await jobs.find(tx, claim.id);
      if (lease === undefined || job === null) throw jobErrors.JOBS_LEASE_LOST();
      const isCancelled = wasInterrupted || lease.cancelRequested;
      const cancelled = jobErrors.JOBS_CANCELLED();
      // What a later attempt might have survived has failed the last one.
      const ended = failure.isPermanent ? failure : poisonedBy(failure);
      const error = isCancelled ? { code: cancelled.code, message: cancelled.message } : ended;
      const status = isCancelled ? 'cancelled' : 'failed';
      await jobs.end(tx, claim, {
        status,
        error: { code: error.code, message: error.message },
      });
      await tx.audit({
        action: 'job.completed',
        resource: { type: 'job', id: claim.id },
        outcome: 'failed',
        reason: { code: error.code },
        details: {
          kind: job.kind,
          attempts: job.attempts,
          requestedBy: job.requestedBy,
          ...(error.code === failure.code || isCancelled ? {} : { lastError: failure.code }),
        },
      });
      await tx.publish('job.ended', { jobId: claim.id, kind: job.kind, status });
    });
    metrics.jobsFailed(claim.kind);
  }

  #log(claim: Claim, error: unknown, message: string): void {
    this.#options.logger.warn(
      { jobId: claim.id, kind: claim.kind, ...(error === null ? {} : { err: error }) },
      message,
    );
  }
}
