/** Welch's t between samples of unequal variance: whether two means differ. 4.5 is where leaks are taken as proven. */

export interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

export function momentsOf(samples: readonly number[]): Moments {
  const count = samples.length;
  const mean = samples.reduce((sum, value) => sum + value, 0) / count;
  const variance = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return { count, mean, variance };
}

export function welch(a: Moments, b: Moments): number {
  return (a.mean - b.mean) / Math.sqrt(a.variance / a.count + b.variance / b.count);
}

/** What is left of samples below a bound that both classes share: a machine's pauses hide small differences. */
export function croppedAt(samples: readonly number[], bound: number): number[] {
  return samples.filter((value) => value <= bound);
}

export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((x, y) => x - y);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
