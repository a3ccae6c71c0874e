import { readinesses } from '@quantumvault/inventory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUp, firstDay, type TallyChange } from './add-up.ts';

const now = new Date('2026-11-26T23:59:59Z');
const since = firstDay(now, 90);
const change = (day: string | null, by: number, kind: Partial<TallyChange> = {}): TallyChange => ({
  day,
  band: 0,
  readiness: 'safe',
  change: by,
  ...kind,
});

describe('IFC-5: the burn-down', () => {
  it('has no day where there never was an asset', () => {
    expect(firstDay(now, 1)).toBe('2026-11-26');
    expect(since).toBe('2026-08-29');
    expect(addUp([], { since, now })).toEqual({
      assets: {
        total: 0,
        byBand: { low: 0, moderate: 0, high: 0, critical: 0 },
        byReadiness: { vulnerable: 0, partial: 0, safe: 0, unknown: 0 },
      },
      burnDown: [],
    });
  });

  it('begins with the first day that was counted, and days without a change stand as the day before', () => {
    const { burnDown } = addUp(
      [
        change('2026-11-26', -1, { readiness: 'vulnerable', band: 3 }),
        change('2026-11-26', 1, { readiness: 'safe', band: 1 }),
        change('2026-11-24', 2, { readiness: 'vulnerable', band: 3 }),
      ],
      { since, now },
    );
    expect(burnDown).toEqual([
      { day: '2026-11-24', total: 2, vulnerable: 2, highRisk: 2 },
      { day: '2026-11-25', total: 2, vulnerable: 2, highRisk: 2 },
      { day: '2026-11-26', total: 2, vulnerable: 1, highRisk: 1 },
    ]);
  });

  it('begins with the first day that was asked for when there was something before it', () => {
    const { burnDown } = addUp([change(null, 3, { readiness: 'vulnerable', band: 2 })], { since, now });
    expect(burnDown).toHaveLength(90);
    expect(burnDown[0]).toEqual({ day: since, total: 3, vulnerable: 3, highRisk: 3 });
    expect(burnDown.at(-1)).toEqual({ day: '2026-11-26', total: 3, vulnerable: 3, highRisk: 3 });
  });

  it('shows no fewer than none where something went a day before it came', () => {
    const { burnDown } = addUp(
      [
        change('2026-11-25', -1, { band: 3, readiness: 'vulnerable' }),
        change('2026-11-26', 1, { band: 3, readiness: 'vulnerable' }),
      ],
      { since, now },
    );
    expect(burnDown).toEqual([
      { day: '2026-11-25', total: 0, vulnerable: 0, highRisk: 0 },
      { day: '2026-11-26', total: 0, vulnerable: 0, highRisk: 0 },
    ]);
  });

  it('ends with what there is now, however the changes are spread', () => {
    const changes = fc.array(
      fc.record({
        day: fc.option(fc.integer({ min: 0, max: 89 }).map((back) => firstDay(now, back + 1))),
        band: fc.integer({ min: 0, max: 3 }),
        readiness: fc.constantFrom(...readinesses),
        change: fc.integer({ min: -50, max: 50 }),
      }),
    );
    fc.assert(
      fc.property(changes, (some) => {
        const { assets, burnDown } = addUp(some, { since, now });
        const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);
        expect(sum(assets.byBand)).toBe(assets.total);
        expect(sum(assets.byReadiness)).toBe(assets.total);
        const days = burnDown.map(({ day }) => day);
        expect(days).toEqual([...new Set(days)].sort());
        if (some.length === 0) return;
        const shown = (count: number) => Math.max(0, count);
        expect(burnDown.at(-1)).toEqual({
          day: '2026-11-26',
          total: shown(assets.total),
          vulnerable: shown(assets.byReadiness.vulnerable),
          highRisk: shown(assets.byBand.high + assets.byBand.critical),
        });
      }),
    );
  });
});
