import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countText, countTicks, frameOf, pathsOf, scalesOf, tellingDays } from './trend-geometry.ts';

const frameOfTop = (top: number) => frameOf({ width: 320, height: 200, top });

describe('IFC-5: the geometry of a trend', () => {
  it('counts have whole numbers beside them, from zero to no less than the greatest', () => {
    expect(countTicks(0)).toEqual([0, 1]);
    expect(countTicks(1)).toEqual([0, 1]);
    expect(countTicks(3)).toEqual([0, 1, 2, 3]);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (most) => {
        const ticks = countTicks(most);
        expect(ticks[0]).toBe(0);
        expect(ticks.every(Number.isInteger)).toBe(true);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
        expect(ticks.length).toBeLessThanOrEqual(8);
      }),
    );
    expect(countText(9_999)).toBe('9,999');
    expect(countText(1_000_000)).toBe('1M');
  });

  it('every day and count lies within the frame, and the nearest day to its place is the day', () => {
    const values = fc.array(fc.integer({ min: 0, max: 5_000_000 }), { minLength: 1, maxLength: 90 });
    fc.assert(
      fc.property(values, (counts) => {
        const top = Math.max(...counts);
        const frame = frameOfTop(top);
        const { x, y, dayAt } = scalesOf(frame, { days: counts.length, top });
        for (const [day, count] of counts.entries()) {
          expect(x(day)).toBeGreaterThanOrEqual(frame.left);
          expect(x(day)).toBeLessThanOrEqual(frame.right);
          expect(y(count)).toBeGreaterThanOrEqual(frame.top - 1e-6);
          expect(y(count)).toBeLessThanOrEqual(frame.bottom);
          expect(dayAt(x(day))).toBe(day);
        }
        expect(pathsOf(counts, { x, y }).line).not.toContain('NaN');
        expect(dayAt(-100)).toBe(0);
        expect(dayAt(10_000)).toBe(counts.length - 1);
      }),
    );
  });

  it('a table names the days on which something changed, with the first and the last', () => {
    expect(tellingDays([])).toEqual([]);
    expect(tellingDays([[4]])).toEqual([0]);
    expect(
      tellingDays([
        [4, 4, 4, 3, 3, 3],
        [1, 1, 1, 1, 2, 2],
      ]),
    ).toEqual([0, 3, 4, 5]);
  });
});
