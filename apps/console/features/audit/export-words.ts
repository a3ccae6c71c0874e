import type { ReceivedSoFar } from './receive-export.ts';

const mebibyte = 1024 * 1024;

/** How much of an export there is, for example "1,204 lines, 0.8 MiB". */
export function amountOf({ bytes, lines }: ReceivedSoFar): string {
  const size = bytes < mebibyte / 10 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / mebibyte).toFixed(1)} MiB`;
  return `${lines.toLocaleString('en')} ${lines === 1 ? 'line' : 'lines'}, ${size}`;
}

/** The name of the file, by the day in UTC. */
export const exportName = (scope: 'tenant' | 'all', at: Date): string =>
  `quantumvault-log${scope === 'all' ? '-all' : ''}-${at.toISOString().slice(0, 10)}.jsonl`;
