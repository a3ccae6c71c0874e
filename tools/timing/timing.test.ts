import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge } from './judge.ts';
import { measure } from './measure.ts';
import { type OpenInstallation, openInstallation } from './open-installation.ts';
import { runAll } from './run.ts';
import { momentsOf, quantile, welch } from './welch.ts';

describe('Welch t', () => {
  it('is what the textbook says', () => {
    // Two small samples, reckoned by hand: means 3 and 6, variances 2.5 and 10, five values each.
    const t = welch(momentsOf([1, 2, 3, 4, 5]), momentsOf([2, 4, 6, 8, 10]));
    expect(t).toBeCloseTo(-3 / Math.sqrt(2.5 / 5 + 10 / 5), 12);
  });

  it('finds a difference of a hundredth of the spread in enough samples, and none where there is none', () => {
    // A fixed zigzag in the place of noise: its mean is 0 and its variance known.
    const zigzag = (shift: number) => Array.from({ length: 400_000 }, (_, at) => (at % 2 === 0 ? 1 : -1) + shift);
    expect(Math.abs(welch(momentsOf(zigzag(0.011)), momentsOf(zigzag(0))))).toBeGreaterThan(4.5);
    expect(welch(momentsOf(zigzag(0)), momentsOf(zigzag(0)))).toBe(0);
    expect(quantile([5, 1, 3], 0.5)).toBe(3);
  });
});

describe('judging samples', () => {
  it('names a pair that differs in all samples, and one that differs below the pauses alone', () => {
    const steady = (around: number) => Array.from({ length: 100 }, (_, at) => around + (at % 2));
    expect(
      judge(
        'far',
        new Map([
          ['a', steady(10)],
          ['b', steady(20)],
        ]),
      ).lines.join('\n'),
    ).toContain('a / b  DIFFERS');
    expect(
      judge(
        'same',
        new Map([
          ['a', steady(10)],
          ['b', steady(10)],
        ]),
      ).worst,
    ).toBe(0);
    const paused = (around: number) => steady(around).map((value, at) => (at % 25 === 0 ? value + 10_000 : value));
    const hidden = judge(
      'hidden',
      new Map([
        ['a', paused(10)],
        ['b', paused(11)],
      ]),
    );
    expect(hidden.lines.at(-1)).toMatch(/^ +-0\.0\d .* a \/ b {2}DIFFERS$/);
  });

  it('measures each kind as often, and calls what is between outside of it', async () => {
    const seen: string[] = [];
    const kind = (name: string) => ({ name, attempt: () => seen.push(name) });
    const samples = await measure(
      { title: '', kinds: [kind('a'), kind('b')], between: async () => void seen.push('between') },
      3,
    );
    expect([...samples].map(([name, { length }]) => [name, length])).toEqual([
      ['a', 3],
      ['b', 3],
    ]);
    expect(seen.filter((name) => name === 'between')).toHaveLength(6);
  });
});

describe('ACC-11: what is measured', () => {
  let open: OpenInstallation;
  beforeAll(async () => {
    open = await openInstallation();
  });
  afterAll(() => open.close());

  it('every kind of attempt is refused, in every experiment', async () => {
    const titles: (string | undefined)[] = [];
    // How long it took is nothing that a test could hold on a busy machine.
    await runAll(open, { samples: 3, realSamples: 2 }, ({ lines }) => titles.push(lines[0]));
    expect(titles).toEqual([
      'Sign-in, Argon2id at test cost',
      'Sign-in by the failure that locks, Argon2id at test cost',
      'Sign-in, Argon2id at real cost',
      'API keys',
      'One-time codes (TOTP)',
      'Session tokens (CSRF)',
    ]);
  });
});
