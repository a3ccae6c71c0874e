import { may, route } from '../contract.ts';
import * as jobs from '../schemas/jobs.ts';
import { idParams, pageOf } from '../schemas/primitives.ts';
import * as protection from '../schemas/protection.ts';

/** Routes of jobs; a part of `routes`. */
export const jobsRoutes = {
  listJobs: route({
    id: 'listJobs',
    method: 'GET',
    path: '/api/jobs',
    ...may('job.read'),
    tag: 'jobs',
    summary: 'Jobs, newest first',
    query: jobs.listJobsQuery,
    success: { status: 200, description: 'A page', schema: pageOf(jobs.jobSchema) },
  }),
  getJob: route({
    id: 'getJob',
    method: 'GET',
    path: '/api/jobs/{id}',
    ...may('job.read'),
    tag: 'jobs',
    watch: 'changes',
    summary: 'One job',
    params: idParams,
    success: { status: 200, description: 'The job', schema: jobs.jobSchema },
  }),
  undoJob: route({
    id: 'undoJob',
    method: 'POST',
    path: '/api/jobs/{id}/undo',
    ...may('asset.protect'),
    tag: 'jobs',
    summary: 'Take back the protection that a job made, while nothing can depend on it',
    params: idParams,
    success: { status: 200, description: 'Undone', schema: protection.undoneSchema },
  }),
  cancelJob: route({
    id: 'cancelJob',
    method: 'POST',
    path: '/api/jobs/{id}/cancel',
    ...may('job.cancel'),
    tag: 'jobs',
    idempotent: true,
    summary: 'Cancel a job that has not ended',
    params: idParams,
    success: { status: 202, description: 'Cancelled, or asked to stop', schema: jobs.jobSchema },
  }),
} as const;
