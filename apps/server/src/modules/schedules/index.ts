export { scheduleErrors } from './domain/errors.ts';
export { createScheduleTicker, SchedulesModule } from './schedules.module.ts';
export { FireSchedule } from './ticker/fire-schedule.ts';
export type { ScheduleTicker } from './ticker/schedule-ticker.ts';
