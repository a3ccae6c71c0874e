import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kernelErrors } from '../../../kernel/errors.ts';
import { jobErrors } from './errors.ts';
import { failureOf, randomFraction, retryDelayMs } from './failure.ts';

describe('INV-9: retries', () => {
  it('INV-9: delays double, carry a random half and end at five minutes', () => {
    expect([1, 2, 3, 4].map((attempt) => retryDelayMs(attempt, 0))).toEqual([500, 1000, 2000, 4000]);
    expect(retryDelayMs(1, 0.999999)).toBe(1000);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, fraction) => {
          const delay = retryDelayMs(attempt, fraction);
          expect(delay).toBeGreaterThanOrEqual(500);
          expect(delay).toBeLessThanOrEqual(300_000);
          expect(delay).toBeLessThanOrEqual(retryDelayMs(attempt + 1, 1));
        },
      ),
    );
  });

  it('INV-9: the random part is in [0, 1) and differs', () => {
    const values = Array.from({ length: 100 }, randomFraction);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(new Set(values).size).toBeGreaterThan(90);
  });

  it('INV-9: what is unexpected is INTERNAL without its message; an outage is no fault of the job', () => {
    expect(failureOf(new Error('postgres://secret'))).toMatchObject({ code: 'INTERNAL', isPermanent: false });
    expect(failureOf(new Error('postgres://secret')).message).not.toContain('secret');
    expect(failureOf(kernelErrors.DATABASE_UNAVAILABLE())).toMatchObject({ isOutage: true, isPermanent: false });
    expect(failureOf(jobErrors.JOBS_INPUT_INVALID())).toMatchObject({ isPermanent: true });
  });
});
