import { describe, expect, it } from 'vitest';
import { amountOf, exportName } from './export-words.ts';

describe('words of an export', () => {
  it.each([
    [{ bytes: 1, lines: 1 }, '1 line, 1 KiB'],
    [{ bytes: 2048, lines: 12 }, '12 lines, 2 KiB'],
    [{ bytes: 5 * 1024 * 1024, lines: 12_345 }, '12,345 lines, 5.0 MiB'],
  ])('AUD-6: says of %j how much it is', (amount, words) => {
    expect(amountOf(amount)).toBe(words);
  });

  it('AUD-6: names the file by its scope and day', () => {
    const at = new Date('2026-03-04T23:30:00Z');
    expect(exportName('tenant', at)).toBe('quantumvault-log-2026-03-04.jsonl');
    expect(exportName('all', at)).toBe('quantumvault-log-all-2026-03-04.jsonl');
  });
});
