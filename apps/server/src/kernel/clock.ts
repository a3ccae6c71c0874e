/**
 * The one home of wall-clock time. What expires (leases, keys, grants) is compared with the database's clock in SQL and
 * never with this one: processes on several hosts do not agree on the time, one database does.
 */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** ISO 8601 in UTC, as every answer carries it. */
export const isoInstant = (instant: Date): string => instant.toISOString();
