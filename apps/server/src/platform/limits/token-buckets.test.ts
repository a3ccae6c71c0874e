import { describe, expect, it } from 'vitest';
import { type LimitPolicy, TokenBuckets } from './token-buckets.ts';

const policy: LimitPolicy = { name: 'address', quota: 60, windowSeconds: 60 };
const buckets = (bucketsMax = 100) => new TokenBuckets({ bucketsMax, sharedIdOf: (key) => `#${key}` });

function takeAll(from: TokenBuckets, key: string, nowMs: number, of = policy): number {
  let taken = 0;
  while (from.take(key, of, nowMs).isAllowed) taken += 1;
  return taken;
}

describe('ACC-10: token buckets', () => {
  it('ACC-10: lets the quota through at once and the rate after it, and says when to come back', () => {
    const one = buckets();
    expect(one.take('a', policy, 0)).toEqual({ isAllowed: true, remaining: 59, resetSeconds: 1 });
    expect(takeAll(one, 'a', 0)).toBe(59);
    expect(one.take('a', policy, 0)).toEqual({ isAllowed: false, remaining: 0, resetSeconds: 1 });
    expect(takeAll(one, 'a', 10_000)).toBe(10);
    expect(takeAll(one, 'a', 3_600_000)).toBe(60);
  });

  it('ACC-10: keys do not spend of one another', () => {
    const one = buckets();
    takeAll(one, 'a', 0);
    expect(takeAll(one, 'b', 0)).toBe(60);
  });

  it('ACC-10: a clock that stands still or goes back gives nothing', () => {
    const one = buckets();
    takeAll(one, 'a', 1_000_000);
    expect(takeAll(one, 'a', 0)).toBe(0);
  });

  it('ACC-10: one of N processes spends its share only, and gets a new one of what is left at the reconciliation', () => {
    const one = buckets();
    one.adopt([], 4, 0);
    expect(takeAll(one, 'a', 0)).toBe(15);
    const [told] = one.drain(10);
    expect(told).toMatchObject({ sharedId: '#a', used: 15 });
    one.adopt([{ sharedId: '#a', tokens: 45 }], 4, 0);
    expect(takeAll(one, 'a', 0)).toBe(11);
  });

  it('ACC-10: without reconciliation N processes fill at the Nth part of the rate, so that together they keep the limit', () => {
    const four = Array.from({ length: 4 }, () => buckets());
    for (const each of four) each.adopt([], 4, 0);
    let together = 0;
    for (let second = 0; second <= 600; second += 1) {
      for (const each of four) together += takeAll(each, 'a', second * 1000);
    }
    expect(together).toBeLessThanOrEqual(60 + 600);
    expect(together).toBeGreaterThan(640);
  });

  it('ACC-10: what others have spent counts here, also of a key that was never asked for here', () => {
    const one = buckets();
    one.adopt([{ sharedId: '#a', tokens: 3 }], 1, 0);
    expect(takeAll(one, 'a', 0)).toBe(3);
    const other = buckets();
    other.take('a', policy, 0);
    other.adopt([{ sharedId: '#a', tokens: -20 }], 1, 0);
    expect(takeAll(other, 'a', 20_000)).toBe(0);
    expect(takeAll(other, 'a', 23_000)).toBe(2);
  });

  it('ACC-10: what could not be told is told later, once', () => {
    const one = buckets();
    one.take('a', policy, 0);
    const told = one.drain(10);
    expect(one.drain(10)).toEqual([]);
    one.restore(told);
    one.take('a', policy, 0);
    expect(one.drain(10)).toMatchObject([{ used: 2 }]);
    expect(one.drain(10)).toEqual([]);
  });

  it('ACC-10: another quota leaves spent what was spent', () => {
    const one = buckets();
    takeAll(one, 'a', 0);
    expect(takeAll(one, 'a', 0, { ...policy, quota: 70 })).toBe(10);
    expect(takeAll(one, 'a', 0, { ...policy, quota: 20 })).toBe(0);
  });
});

describe('ACC-10: the number of buckets is bounded', () => {
  it('ACC-10: full buckets make room, spent ones are never forgotten for newcomers', () => {
    const one = buckets(50);
    for (let key = 0; key < 40; key += 1) takeAll(one, `spent ${key}`, 0);
    one.drain(1000);
    for (let key = 0; key < 10_000; key += 1) one.take(`new ${key}`, policy, 10);
    expect(one.size).toBeLessThanOrEqual(51);
    for (let key = 0; key < 40; key += 1) expect(one.take(`spent ${key}`, policy, 10).isAllowed).toBe(false);
  });

  it('ACC-10: when there is no room, newcomers share one bucket', () => {
    const one = buckets(20);
    for (let key = 0; key < 20; key += 1) takeAll(one, `spent ${key}`, 0);
    let allowed = 0;
    for (let key = 0; key < 1_000; key += 1) if (one.take(`new ${key}`, policy, 0).isAllowed) allowed += 1;
    expect(allowed).toBe(60);
  });

  it('ACC-10: room comes back when time has filled the buckets', () => {
    const one = buckets(20);
    for (let key = 0; key < 20; key += 1) takeAll(one, `spent ${key}`, 0);
    one.drain(1000);
    expect(takeAll(one, 'new', 61_000)).toBe(60);
    expect(one.size).toBe(20);
  });

  it('ACC-10: what others tell of is bounded too', () => {
    const one = buckets(10);
    one.adopt(
      Array.from({ length: 1_000 }, (_, index) => ({ sharedId: `#${index}`, tokens: 0 })),
      1,
      0,
    );
    expect(takeAll(one, '0', 0)).toBe(60);
    expect(takeAll(one, '999', 0)).toBe(0);
  });
});
