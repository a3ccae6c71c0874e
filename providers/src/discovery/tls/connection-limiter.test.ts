import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ConnectionLimiter, defaultConnectionLimits } from './connection-limiter.ts';

describe('INV-3a: connections in flight', () => {
  it('the default is five per host', () => expect(defaultConnectionLimits.perHostMax).toBe(5));

  it('no host and no total is ever exceeded, everyone gets a turn, and errors give their place back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.record({ port: fc.constantFrom(1, 2, 3), ticks: fc.nat({ max: 4 }), fails: fc.boolean() }), {
          maxLength: 40,
        }),
        async (perHostMax, totalMax, jobs) => {
          const limiter = new ConnectionLimiter({ perHostMax, totalMax });
          const open = new Map<number, number>();
          let total = 0;
          let done = 0;
          await Promise.allSettled(
            jobs.map(({ port, ticks, fails }) =>
              limiter.run({ address: '192.0.2.1', port }, async () => {
                total += 1;
                open.set(port, (open.get(port) ?? 0) + 1);
                expect(total).toBeLessThanOrEqual(totalMax);
                expect(open.get(port)).toBeLessThanOrEqual(perHostMax);
                for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
                total -= 1;
                open.set(port, (open.get(port) ?? 0) - 1);
                done += 1;
                if (fails) throw new Error('expected');
              }),
            ),
          );
          expect(done).toBe(jobs.length);
        },
      ),
    );
  });

  it('a wait that is given up leaves the line, and its connection sees that by itself', async () => {
    const limiter = new ConnectionLimiter({ perHostMax: 1, totalMax: 1 });
    const endpoint = { address: '192.0.2.1', port: 1 };
    const first = Promise.withResolvers<void>();
    const running = limiter.run(endpoint, () => first.promise);
    const given = new AbortController();
    const waiting = limiter.run(endpoint, async () => given.signal.aborted, given.signal);
    given.abort();
    await expect(waiting).resolves.toBe(true);
    first.resolve();
    await running;
    await expect(limiter.run(endpoint, async () => 'free again')).resolves.toBe('free again');
  });

  it('token buckets: a burst of one second, then as fast as the rate, for one host and in total', async () => {
    vi.useFakeTimers();
    try {
      const limiter = new ConnectionLimiter(
        { perHostMax: 5, totalMax: 64, rates: { perHostPerSecond: 2, totalPerSecond: 3 } },
        () => Date.now(),
      );
      const started: string[] = [];
      const begin = (address: string) => limiter.run({ address, port: 443 }, async () => started.push(address));
      const all = [...Array(4).fill('192.0.2.1'), ...Array(3).fill('192.0.2.2')].map(begin);
      await vi.advanceTimersByTimeAsync(0);
      expect(started).toEqual(['192.0.2.1', '192.0.2.1', '192.0.2.2']);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(started).toHaveLength(6);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(started).toHaveLength(7);
      expect(started.filter((address) => address === '192.0.2.1')).toHaveLength(4);
      await Promise.all(all);
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    { perHostMax: 0, totalMax: 1 },
    { perHostMax: 1, totalMax: 0 },
    { perHostMax: 1, totalMax: 1, rates: { perHostPerSecond: 0, totalPerSecond: 1 } },
  ])('limits that would stop everything are refused: %j', (limits) => {
    expect(() => new ConnectionLimiter(limits)).toThrow(RangeError);
  });
});
