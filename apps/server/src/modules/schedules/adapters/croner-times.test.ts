import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextTime } from './croner-times.ts';

const next = (cron: string, timeZone: string, from: string): string =>
  nextTime(cron, timeZone, new Date(from)).toISOString();

describe('INV-9: the times of a schedule', () => {
  it('INV-9: are those of the time zone, summer and winter', () => {
    expect(next('0 3 * * *', 'UTC', '2026-01-10T03:00:00Z')).toBe('2026-01-11T03:00:00.000Z');
    expect(next('0 3 * * *', 'Europe/Berlin', '2026-01-10T00:00:00Z')).toBe('2026-01-10T02:00:00.000Z');
    expect(next('0 3 * * *', 'Europe/Berlin', '2026-07-10T00:00:00Z')).toBe('2026-07-10T01:00:00.000Z');
    expect(next('0 9 * * MON#1', 'America/New_York', '2026-07-10T00:00:00Z')).toBe('2026-08-03T13:00:00.000Z');
    expect(next('@daily', 'Asia/Kathmandu', '2026-07-10T00:00:00Z')).toBe('2026-07-10T18:15:00.000Z');
  });

  it('INV-9: a time in the gap of spring comes after it, and one that autumn has twice is taken once', () => {
    expect(next('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
    const first = next('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z');
    expect(first).toBe('2026-10-25T00:30:00.000Z');
    expect(next('30 2 * * *', 'Europe/Berlin', first)).toBe('2026-10-26T01:30:00.000Z');
  });

  it('INV-9: always lie ahead and on a whole minute', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 0, max: 23 }),
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Apia', 'Australia/Lord_Howe'),
        fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        (minute, hour, timeZone, from) => {
          const at = nextTime(`${minute} ${hour} * * *`, timeZone, from);
          expect(at.getTime()).toBeGreaterThan(from.getTime());
          expect(at.getTime() - from.getTime()).toBeLessThan(50 * 3_600_000);
          expect(at.getTime() % 60_000).toBe(0);
        },
      ),
    );
  });

  it.each(['61 * * * *', '0 0 30 2 *', '* * * * * *', '* * * *', '@never', 'a b c d e', '0 0 0 * *', '5-1 * * * *'])(
    'INV-9: %s is refused',
    (cron) => {
      expect(() => next(cron, 'UTC', '2026-01-01T00:00:00Z')).toThrow(
        expect.objectContaining({ code: 'SCHEDULES_CRON_INVALID' }),
      );
    },
  );

  it.each(['Mars/Phobos', 'Europe/Berlin2', ''])('INV-9: the time zone "%s" is refused', (timeZone) => {
    expect(() => next('0 3 * * *', timeZone, '2026-01-01T00:00:00Z')).toThrow(
      expect.objectContaining({ code: 'SCHEDULES_TIME_ZONE_UNKNOWN' }),
    );
  });
});
