import { expect, it } from 'vitest';
import { ManualFreshnessLease } from './manual-freshness-lease.ts';

it('ENV-10: a lease is as old as its last confirmation, and infinitely old without one', () => {
  let now = 5000;
  const lease = new ManualFreshnessLease(() => now);
  expect(lease.ageMilliseconds()).toBe(Number.POSITIVE_INFINITY);
  lease.renew();
  now += 300;
  expect([lease.ageMilliseconds(), lease.generation]).toEqual([300, 0]);
  lease.interrupt();
  expect([lease.ageMilliseconds(), lease.generation]).toEqual([Number.POSITIVE_INFINITY, 1]);
  lease.renew();
  expect([lease.ageMilliseconds(), lease.generation]).toEqual([0, 1]);
});
