import { defineErrors } from '../../../kernel/app-error.ts';

export const scheduleErrors = defineErrors({
  SCHEDULES_NOT_FOUND: { kind: 'not-found', sentence: 'No such schedule.' },
  SCHEDULES_EXISTS: { kind: 'conflict', sentence: 'A schedule of this name exists already.' },
  SCHEDULES_CRON_INVALID: {
    kind: 'unprocessable',
    sentence: 'The times are no cron expression of five fields, or name a time that never comes.',
  },
  SCHEDULES_TIME_ZONE_UNKNOWN: { kind: 'unprocessable', sentence: 'The time zone is not known; e.g. Europe/Berlin.' },
  SCHEDULES_TOO_MANY: { kind: 'conflict', sentence: 'The organization has as many schedules as it may have.' },
  SCHEDULES_REQUESTER_GONE: {
    kind: 'forbidden',
    sentence: 'Who created the schedule is gone or may no longer ask for its work.',
  },
  SCHEDULES_WORK_INVALID: { kind: 'unprocessable', sentence: 'The stored work of the schedule fits no known kind.' },
});
