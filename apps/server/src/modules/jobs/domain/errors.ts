import { defineErrors } from '../../../kernel/app-error.ts';

export const jobErrors = defineErrors({
  JOBS_NOT_FOUND: { kind: 'not-found', sentence: 'No such job.' },
  JOBS_ENDED: { kind: 'conflict', sentence: 'The job has ended; there is nothing left to cancel.' },
  JOBS_CANCELLED: { kind: 'conflict', sentence: 'The job was cancelled.' },
  POISONED: {
    kind: 'internal',
    sentence: 'The job took its worker along, or failed, at every attempt; it is not tried again.',
  },
  JOBS_REQUESTER_GONE: {
    kind: 'forbidden',
    sentence: 'Whoever asked for this job may not ask for it any more.',
  },
  JOBS_KIND_UNKNOWN: { kind: 'unavailable', sentence: 'This release has no handler for jobs of this kind.' },
  JOBS_INPUT_INVALID: { kind: 'unprocessable', sentence: 'The stored input of the job does not fit its kind.' },
  JOBS_LEASE_LOST: {
    kind: 'conflict',
    sentence: 'Another worker has taken this job over; nothing of this attempt was kept.',
  },
});
