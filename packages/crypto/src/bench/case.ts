import type { BareCall, BareCalls } from '#native/bare-calls';

/** One thing to measure. */
export interface BenchCase {
  readonly operation: string;
  /** `rate`: calls a second are told. `time`: one call takes so long that its milliseconds are told. */
  readonly told: 'rate' | 'time';
  readonly run: () => unknown;
  /** The runtime's own call for the same work, where there is one. */
  readonly bare?: BareCall;
}

/** The cases of one algorithm. Keys are made when they are asked for, because some take seconds. */
export interface BenchGroup {
  /** Registry id. */
  readonly algorithm: string;
  readonly prepare: () => Promise<readonly BenchCase[]>;
}

/** Cases from calls by operation, each beside the bare call of the same operation. */
export function rates(calls: Readonly<Record<string, () => unknown>>, bare: BareCalls = {}): readonly BenchCase[] {
  return Object.entries(calls).map(([operation, run]) => {
    const other = bare[operation];
    return { operation, told: 'rate', run, ...(other === undefined ? {} : { bare: other }) };
  });
}
