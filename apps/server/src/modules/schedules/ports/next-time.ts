/**
 * INV-9: the first time after `from` that a cron expression names in its time zone. Where clocks go forward, a time that
 * is left out comes at the first moment after the gap; where they go back, one that comes twice is taken once.
 * Throws `SCHEDULES_CRON_INVALID` or `SCHEDULES_TIME_ZONE_UNKNOWN`.
 */
export type NextTime = (cron: string, timeZone: string, from: Date) => Date;
