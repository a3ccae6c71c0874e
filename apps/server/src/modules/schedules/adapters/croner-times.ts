import { Cron } from 'croner';
import { scheduleErrors } from '../domain/errors.ts';
import type { NextTime } from '../ports/next-time.ts';

export const nextTime: NextTime = (cron, timeZone, from) => {
  if (!isTimeZone(timeZone)) throw scheduleErrors.SCHEDULES_TIME_ZONE_UNKNOWN();
  let next: Date | null;
  try {
    // Without a function it only calculates: no timer is started.
    next = new Cron(cron, { mode: '5-part', timezone: timeZone, paused: true }).nextRun(from);
  } catch (cause) {
    throw scheduleErrors.SCHEDULES_CRON_INVALID({ cause });
  }
  if (next === null) throw scheduleErrors.SCHEDULES_CRON_INVALID();
  return next;
};

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
