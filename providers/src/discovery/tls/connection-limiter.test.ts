import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectionLimiter, defaultConnectionLimits } from './connection-limiter.ts';

describe('INV-3a: connections in flight', () => {
  it('the default is five per host', () => expect(defaultConnectionLimits.perHostMax).toBe(5));

  it('no host and no total is ever exceeded, everyone gets a turn, and errors give their place back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.record({ host: fc.constantFrom('a', 'b', 'c'), ticks: fc.nat({ max: 4 }), fails: fc.boolean() }), {
          maxLength: 40,
        }),
        async (perHostMax, totalMax, jobs) => {
          const limiter = new ConnectionLimiter({ perHostMax, totalMax });
          const open = new Map<string, number>();
          let total = 0;
          let done = 0;
          await Promise.allSettled(
            jobs.map(({ host, ticks, fails }) =>
              limiter.run(host, async () => {
                total += 1;
                open.set(host, (open.get(host) ?? 0) + 1);
                expect(total).toBeLessThanOrEqual(totalMax);
                expect(open.get(host)).toBeLessThanOrEqual(perHostMax);
                for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
                total -= 1;
                open.set(host, (open.get(host) ?? 0) - 1);
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
});
