import { Module } from '@nestjs/common';
import type { ServerSettings } from '../../config/load-settings.ts';
import type { ApprovalGate } from '../../kernel/approvals.ts';
import type { Authorize } from '../../kernel/authorize.ts';
import type { NewId } from '../../kernel/ids.ts';
import type { UnitOfWork } from '../../kernel/unit-of-work.ts';
import { carriesOut } from '../../platform/approved-runner.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { Metrics } from '../../platform/metrics/metrics.ts';
import type { Databases } from '../../platform/postgres/databases.ts';
import { APPROVALS, AUTHORIZE, DATABASES, NEW_ID, REACH_OF, UNIT_OF_WORK } from '../../platform/tokens.ts';
import type { MayNow, ReachOf } from '../access/index.ts';
import { PostgresJobQueue } from './adapters/postgres-job-queue.ts';
import { PostgresJobRepository } from './adapters/postgres-job-repository.ts';
import { PostgresJobSignal } from './adapters/postgres-job-signal.ts';
import { JobsController } from './api/jobs.controller.ts';
import { createEnqueueJob } from './enqueue-job.ts';
import type { RequestedJobHandler } from './ports/job-handler.ts';
import type { JobQueue } from './ports/job-queue.ts';
import type { JobRepository } from './ports/job-repository.ts';
import { ENQUEUE_JOB, JOB_QUEUE, JOB_REPOSITORY } from './tokens.ts';
import { CancelJob } from './usecases/cancel-job.ts';
import { GetJob } from './usecases/get-job.ts';
import { ListJobs } from './usecases/list-jobs.ts';
import { JobWorker } from './worker/job-worker.ts';
import { ClaimRunner } from './worker/run-claim.ts';

export interface JobWorkerParts {
  readonly uow: UnitOfWork;
  readonly databases: Databases;
  readonly settings: Pick<
    ServerSettings,
    'jobParallel' | 'jobParallelByKind' | 'jobBatch' | 'jobPollIntervalMs' | 'jobLeaseSeconds'
  >;
  readonly metrics: Pick<Metrics, 'jobsCompleted' | 'jobsFailed'>;
  readonly logger: Logger;
  readonly handlers: readonly RequestedJobHandler[];
  readonly mayNow: MayNow;
}

/**
 * A worker for each kind: it claims jobs of that kind alone and has its own slots, so that slow kinds never hold up quick
 * ones. The process calls `start` when it serves, and `stop` before it closes its pools.
 */
export function createJobWorkers(parts: JobWorkerParts): readonly JobWorker[] {
  const { uow, databases, settings, metrics, logger, handlers, mayNow } = parts;
  const kinds = new Set<string>();
  for (const { kind } of handlers) {
    if (kinds.has(kind)) throw new Error(`two handlers for jobs of kind ${kind}`);
    kinds.add(kind);
  }
  const jobs = new PostgresJobRepository();
  return handlers.map((handler) => {
    const queue = new PostgresJobQueue({ db: databases.worker, kinds: [handler.kind] });
    return new JobWorker({
      queue,
      runner: new ClaimRunner({
        uow,
        jobs,
        queue,
        handlers: new Map([[handler.kind, handler]]),
        metrics,
        logger,
        mayNow,
      }),
      signal: new PostgresJobSignal({ config: databases.direct('qv_worker'), logger }),
      logger,
      parallel: settings.jobParallelByKind.get(handler.kind) ?? settings.jobParallel,
      batch: settings.jobBatch,
      pollIntervalMs: settings.jobPollIntervalMs,
      leaseSeconds: settings.jobLeaseSeconds,
    });
  });
}

@Module({
  controllers: [JobsController],
  providers: [
    { provide: JOB_REPOSITORY, useFactory: () => new PostgresJobRepository() },
    {
      provide: JOB_QUEUE,
      inject: [DATABASES],
      useFactory: (databases: Databases): JobQueue => new PostgresJobQueue({ db: databases.worker }),
    },
    {
      provide: ENQUEUE_JOB,
      inject: [JOB_REPOSITORY, NEW_ID],
      useFactory: (jobs: JobRepository, newId: NewId) => createEnqueueJob({ jobs, newId }),
    },
    {
      provide: ListJobs,
      inject: [AUTHORIZE, UNIT_OF_WORK, JOB_REPOSITORY, REACH_OF],
      useFactory: (authorize: Authorize, uow: UnitOfWork, jobs: JobRepository, reachOf: ReachOf) =>
        new ListJobs({ authorize, uow, jobs, reachOf }),
    },
    {
      provide: GetJob,
      inject: [AUTHORIZE, UNIT_OF_WORK, JOB_REPOSITORY],
      useFactory: (authorize: Authorize, uow: UnitOfWork, jobs: JobRepository) => new GetJob({ authorize, uow, jobs }),
    },
    {
      provide: CancelJob,
      inject: [AUTHORIZE, UNIT_OF_WORK, APPROVALS, JOB_REPOSITORY],
      useFactory: (authorize: Authorize, uow: UnitOfWork, approvals: ApprovalGate, jobs: JobRepository) =>
        new CancelJob({ authorize, uow, approvals, jobs }),
    },
    carriesOut('job.cancel', CancelJob, async (useCase, actor, { jobId }) => {
      await useCase.execute(actor, jobId);
      return null;
    }),
  ],
  exports: [JOB_REPOSITORY, JOB_QUEUE, ENQUEUE_JOB],
})
export class JobsModule {}
