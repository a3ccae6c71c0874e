import { globSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, resolve } from 'node:path';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Corpus } from './corpus.ts';
import { Coverage } from './coverage.ts';
import { instrument, mapName } from './instrument.ts';
import { dictionaryOf, Mutator } from './mutator.ts';
import { Dice } from './random.ts';

const packages = resolve(import.meta.dirname, '../../../packages');

/** Runs instrumented text; gives its value and the numbers of the counters that it reached. */
function run(source: string): { readonly value: unknown; readonly reached: number[]; readonly counters: number } {
  const { text, counters } = instrument('a.ts', source, 0);
  const map = new Uint8ClampedArray(64);
  const value: unknown = runInNewContext(stripTypeScriptTypes(text), { [mapName]: map });
  return { value, counters, reached: [...map.entries()].flatMap(([at, count]) => (count > 0 ? [at] : [])) };
}

describe('instrumentation', () => {
  it.each([
    ['const f = (a: number): string => (a > 1 ? "big" : "small"); f(2)', 'big', [0, 1], 3],
    ['const f = (a?: { b: number }) => ({ c: a?.b ?? 7 }).c; f()', 7, [0, 1], 2],
    ['function f(a: number) { if (a) return 1; else if (a === 0) return 2; return 3; } f(0)', 2, [0, 2, 3], 5],
    ['function f(a: number) { if (a) if (a > 1) return 1; return 2; } f(1)', 2, [0, 1, 4], 5],
    ['let n = 0; for (const x of [1, 2]) n += x; n', 3, [0], 1],
    ['let r = 0; switch (2 as number) { case 1: r = 1; break; case 2: r = 2; } r', 2, [1], 2],
    ['let r = ""; try { throw new Error("x"); } catch { r = "caught"; } r', 'caught', [0], 1],
    ['const t = true && (false || "or"); t', 'or', [0, 1], 2],
    ['class A { #a = 1; get a() { return this.#a; } } new A().a', 1, [0], 1],
    ['let n = 0; do n += 1; while (n < 3); n', 3, [0], 1],
  ])('keeps the meaning of %s', (source, value, reached, counters) => {
    expect(run(source)).toEqual({ value, reached, counters });
  });

  it('leaves every source of ours valid, and its lines where they were', () => {
    const sources = globSync('*/src/**/*.ts', { cwd: packages, exclude: ['**/*.test.ts'] });
    expect(sources.length).toBeGreaterThan(100);
    for (const name of sources) {
      const text = readFileSync(join(packages, name), 'utf8');
      const made = instrument(name, text, 0);
      expect(made.text.split('\n').length, name).toBe(text.split('\n').length);
      expect(() => stripTypeScriptTypes(made.text), name).not.toThrow();
    }
  });

  it('collects what the source compares with, as words', () => {
    const { literals } = instrument('a.ts', "import 'x'; f(a === 'magic', 0x51560100, `b`, '1.2.840.113549');", 0);
    expect(literals).toEqual(['magic', 0x51560100, 'b', '1.2.840.113549']);
    const words = dictionaryOf(literals).map((word) => Buffer.from(word).toString('hex'));
    expect(words).toEqual(['6d61676963', '51560100', '312e322e3834302e313133353439', '06062a864886f70d']);
  });
});

describe('coverage', () => {
  it('tells what is new by counter and magnitude', () => {
    const map = new Uint8ClampedArray(8);
    const coverage = new Coverage({ map, counters: 6, literals: new Set() });
    const reach = (...counts: readonly number[]) => {
      coverage.begin();
      map.set(counts);
      return coverage.take();
    };
    expect([reach(1), reach(1), reach(2), reach(0, 5), reach(0, 6), reach(0, 200)]).toEqual([
      true,
      false,
      true,
      true,
      false,
      true,
    ]);
    expect(coverage).toMatchObject({ edges: 2, features: 4, edgesMax: 6 });
    expect(coverage.featuresOfLast()).toEqual([256 + 128]);
  });

  it('the corpus is made small without losing anything', () => {
    const corpus = new Corpus();
    const entry = (length: number, ...features: number[]) => corpus.add({ bytes: new Uint8Array(length), features });
    entry(9, 1, 2, 3);
    entry(2, 1);
    entry(3, 2, 4);
    entry(4, 4);
    expect(corpus.minimal().map(({ length }) => length)).toEqual([2, 3, 9]);
  });
});

describe('mutations', () => {
  const bytes = Uint8Array.from({ length: 200 }, (_, at) => at);
  const mutator = (seed: number) => new Mutator(new Dice(seed), [Uint8Array.of(1, 2, 3)], 256);

  it('are repeated by their seed, and differ with another', () => {
    const [one, two, other] = [mutator(7), mutator(7), mutator(8)];
    let differing = 0;
    for (let run = 0; run < 500; run += 1) {
      const mutated = one.mutate(bytes, bytes);
      expect(two.mutate(bytes, bytes)).toEqual(mutated);
      if (Buffer.compare(other.mutate(bytes, bytes), mutated) !== 0) differing += 1;
    }
    expect(differing).toBeGreaterThan(450);
  });

  it('change the input, stay below the limit, and leave the original alone', () => {
    const original = bytes.slice();
    const mutating = mutator(1);
    let changed = 0;
    for (let run = 0; run < 5000; run += 1) {
      const mutated = mutating.mutate(run % 9 === 0 ? new Uint8Array(0) : bytes, bytes.subarray(0, run % 200));
      expect(mutated.length).toBeLessThanOrEqual(256);
      if (Buffer.compare(mutated, bytes) !== 0) changed += 1;
    }
    expect(changed).toBeGreaterThan(4500);
    expect(bytes).toEqual(original);
  });
});
