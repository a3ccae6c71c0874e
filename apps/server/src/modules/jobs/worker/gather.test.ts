import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Gather } from './gather.ts';

const fulfilled = <T>(value: T): PromiseSettledResult<T> => ({ status: 'fulfilled', value });

describe('Gather', () => {
  it('puts together what arrives at once or while a run is under way, per key and up to the most', async () => {
    const runs: string[][] = [];
    const gather = new Gather<string, string>({
      keyOf: (item) => item.slice(0, 1),
      max: 3,
      lanes: 1,
      run: async (items) => {
        runs.push([...items]);
        await sleep(5);
        return items.map((item) => fulfilled(item.toUpperCase()));
      },
    });
    const items = ['a1', 'a2', 'b1', 'a3', 'a4', 'a5'];
    expect(await Promise.all(items.map((item) => gather.add(item)))).toEqual(items.map((item) => item.toUpperCase()));
    expect(runs).toEqual([['a1', 'a2', 'a3'], ['b1'], ['a4', 'a5']]);
    expect(await gather.add('a6')).toBe('A6');
  });

  it('runs no more of one key at once than there are lanes', async () => {
    let running = 0;
    let peak = 0;
    const gather = new Gather<number, number>({
      keyOf: () => 'x',
      max: 2,
      lanes: 2,
      run: async (items) => {
        running += 1;
        peak = Math.max(peak, running);
        await sleep(2);
        running -= 1;
        return items.map(fulfilled);
      },
    });
    await Promise.all(Array.from({ length: 20 }, (_, at) => gather.add(at)));
    expect(peak).toBe(2);
  });

  it('gives each item its own failure, and all of them that of the run', async () => {
    const gather = new Gather<string, string>({
      keyOf: () => 'x',
      max: 10,
      lanes: 1,
      run: async (items) => {
        if (items.includes('break')) throw new Error('the run');
        return items.map((item) =>
          item === 'bad' ? { status: 'rejected', reason: new Error('bad') } : fulfilled(item),
        );
      },
    });
    const first = await Promise.allSettled([gather.add('good'), gather.add('bad')]);
    expect(first).toMatchObject([{ status: 'fulfilled', value: 'good' }, { reason: { message: 'bad' } }]);
    const second = await Promise.allSettled([gather.add('good'), gather.add('break')]);
    expect(second).toMatchObject([{ reason: { message: 'the run' } }, { reason: { message: 'the run' } }]);
  });
});
