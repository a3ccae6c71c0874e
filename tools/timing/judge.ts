import type { Samples } from './measure.ts';
import { croppedAt, momentsOf, quantile, welch } from './welch.ts';

/** Where a difference is taken as proven (attack case 15). */
export const provenAt = 4.5;

/** Above this share of all samples lie the pauses of the machine, which hide small differences. */
const croppedShare = 0.95;

export interface Verdict {
  readonly lines: readonly string[];
  /** The largest |t| of any pair, of all samples and of those below the 95th percentile. */
  readonly worst: number;
}

/** Every kind against every other: of all samples, and of those below a percentile of all kinds together, as dudect does. */
export function judge(title: string, samples: Samples): Verdict {
  const lines = [title, `  ${'kind'.padEnd(34)}      n   mean us  deviation  median us`];
  const bound = quantile([...samples.values()].flat(), croppedShare);
  for (const [name, values] of samples) {
    const { count, mean, variance } = momentsOf(values);
    const figures = [mean, Math.sqrt(variance), quantile(values, 0.5)].map((figure) => figure.toFixed(1).padStart(10));
    lines.push(`  ${name.padEnd(34)}${String(count).padStart(7)}${figures.join(' ')}`);
  }
  lines.push('  t of all  t below p95');
  let worst = 0;
  const entries = [...samples];
  for (const [at, [name, values]] of entries.entries()) {
    for (const [other, others] of entries.slice(at + 1)) {
      const t = welch(momentsOf(values), momentsOf(others));
      const cropped = welch(momentsOf(croppedAt(values, bound)), momentsOf(croppedAt(others, bound)));
      const larger = Math.max(Math.abs(t), Math.abs(cropped));
      worst = Math.max(worst, larger);
      const verdict = larger < provenAt ? 'ok' : 'DIFFERS';
      lines.push(`  ${t.toFixed(2).padStart(8)}  ${cropped.toFixed(2).padStart(11)}  ${name} / ${other}  ${verdict}`);
    }
  }
  return { lines, worst };
}
