import { describe, expect, it } from 'vitest';
import { type Bench, compare, judge, median, type Target } from './bench.ts';

const bench = (target: Target): Bench => ({
  id: 'a.b',
  name: 'A',
  unit: 'ops/s',
  target,
  run: () => ({ value: 1, baseline: 1 }),
});

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe('a result', () => {
  const rounds = [
    { value: 90, baseline: 100 },
    { value: 45, baseline: 50 },
    { value: 10, baseline: 100 },
  ];

  it('has the fields that scripts read, with the median of the ratios', () => {
    expect(judge(bench({ ratio: 0.9 }), rounds)).toEqual({
      id: 'a.b',
      name: 'A',
      value: 45,
      unit: 'ops/s',
      baseline: 100,
      ratio: 0.9,
      target: 'ratio >= 0.9',
      ok: true,
    });
  });

  it.each([
    [{ ratio: 0.91 }, false],
    [{ value: 45 }, true],
    [{ value: 46 }, false],
    [{ atMost: 45 }, true],
    [{ atMost: 44 }, false],
    [null, true],
  ])('with target %j is ok: %s', (target, ok) => {
    expect(judge(bench(target), rounds).ok).toBe(ok);
  });

  it('without a baseline has no ratio and cannot meet a relative target', () => {
    const alone = [{ value: 5, baseline: null }];
    expect(judge(bench(null), alone)).toMatchObject({ baseline: null, ratio: null, ok: true });
    expect(judge(bench({ ratio: 0.1 }), alone).ok).toBe(false);
    expect(judge(bench(null), []).ok).toBe(false);
  });
});

it('compare tells a function from one that does the work ten times', () => {
  const sink = new Uint8Array(65_536);
  const once = (): void => void sink.fill(1);
  const tenTimes = (): void => {
    for (let i = 0; i < 10; i += 1) sink.fill(i);
  };
  const { value, baseline } = compare(tenTimes, once);
  expect(value / (baseline ?? 0)).toBeLessThan(0.5);
});
