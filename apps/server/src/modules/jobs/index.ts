export { jobErrors } from './domain/errors.ts';
export { type Job, type JobKind, type JobResult, jobKinds, type NewJob } from './domain/job.ts';
export type { EnqueueJob } from './enqueue-job.ts';
export { createJobWorkers, JobsModule, type JobWorkerParts } from './jobs.module.ts';
export type { JobContext, JobEffect, JobHandler, RequestedJobHandler } from './ports/job-handler.ts';
export type { JobMetrics } from './ports/job-metrics.ts';
export type { JobQueue } from './ports/job-queue.ts';
export { ENQUEUE_JOB, JOB_QUEUE } from './tokens.ts';
export type { JobWorker } from './worker/job-worker.ts';
