// What this module offers to the wiring of others.
export const JOB_REPOSITORY = Symbol('JobRepository');
export const JOB_QUEUE = Symbol('JobQueue');
export const ENQUEUE_JOB = Symbol('EnqueueJob');
