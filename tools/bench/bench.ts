/** What a benchmark is, and how one is judged. Machines differ, so the ratio to a baseline of the same run counts. */

/**
 * The least that must be reached: a share of the baseline, or an absolute value; `atMost` is for what should be small;
 * null only reports.
 */
export type Target = { readonly ratio: number } | { readonly value: number } | { readonly atMost: number } | null;

/** One round. `baseline` is null where there is nothing to compare with. */
export interface Measurement {
  readonly value: number;
  readonly baseline: number | null;
}

export interface Bench {
  /** Stable name for scripts, for example `crypto.ml-dsa-44.sign`. */
  readonly id: string;
  readonly name: string;
  /** Unit of `value` and `baseline`; more is better, unless the target is `atMost`. */
  readonly unit: string;
  readonly target: Target;
  /** Measures once. The harness calls it for a warm-up and then for several rounds. */
  run(): Measurement | Promise<Measurement>;
}

export interface BenchResult {
  readonly id: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline: number | null;
  readonly ratio: number | null;
  readonly target: string | null;
  readonly ok: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Five digits are more than such a measurement knows. */
const rounded = (value: number): number => Number(value.toPrecision(5));

/**
 * Folds rounds into a result. The ratio is the median of the rounds' ratios and not the ratio of the medians: both
 * sides of one round saw the same machine.
 */
export function judge(bench: Bench, rounds: readonly Measurement[]): BenchResult {
  const value = median(rounds.map((round) => round.value));
  const compared = rounds.flatMap(({ value: v, baseline }) => (baseline === null ? [] : [{ v, baseline }]));
  const baseline = compared.length === 0 ? null : median(compared.map((round) => round.baseline));
  const ratio = compared.length === 0 ? null : median(compared.map((round) => round.v / round.baseline));
  const { target } = bench;
  let ok = Number.isFinite(value);
  let described: string | null = null;
  if (target !== null && 'ratio' in target) {
    described = `ratio >= ${target.ratio}`;
    ok = ratio !== null && ratio >= target.ratio;
  } else if (target !== null && 'atMost' in target) {
    described = `value <= ${target.atMost}`;
    ok = value <= target.atMost;
  } else if (target !== null) {
    described = `value >= ${target.value}`;
    ok = value >= target.value;
  }
  return {
    id: bench.id,
    name: bench.name,
    value: rounded(value),
    unit: bench.unit,
    baseline: baseline === null ? null : rounded(baseline),
    ratio: ratio === null ? null : rounded(ratio),
    target: described,
    ok,
  };
}

const slices = 8;

/** Calls per second of `work` within `milliseconds`, and how often it ran. */
function callsWithin(work: () => void, milliseconds: number): { calls: number; seconds: number } {
  const started = performance.now();
  const end = started + milliseconds;
  let calls = 0;
  let now = started;
  while (now < end) {
    work();
    calls += 1;
    now = performance.now();
  }
  return { calls, seconds: (now - started) / 1000 };
}

/**
 * Calls per second of two functions, in alternating slices, so that a busy neighbour or a changed clock rate hits
 * both. Each call should last a microsecond or more; repeat inside the function when it does not.
 */
export function compare(
  measured: () => void,
  baseline: () => void,
  { perCall = 1, milliseconds = 400 }: { readonly perCall?: number; readonly milliseconds?: number } = {},
): Measurement {
  const total = { measured: { calls: 0, seconds: 0 }, baseline: { calls: 0, seconds: 0 } };
  const run = (side: 'measured' | 'baseline', work: () => void): void => {
    const slice = callsWithin(work, milliseconds / slices / 2);
    total[side].calls += slice.calls;
    total[side].seconds += slice.seconds;
  };
  for (let slice = 0; slice < slices; slice += 1) {
    // The order changes from slice to slice: what runs second finds warmer caches.
    if (slice % 2 === 0) run('measured', measured);
    run('baseline', baseline);
    if (slice % 2 === 1) run('measured', measured);
  }
  const rate = ({ calls, seconds }: { calls: number; seconds: number }): number => (calls * perCall) / seconds;
  return { value: rate(total.measured), baseline: rate(total.baseline) };
}
