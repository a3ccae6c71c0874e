export interface TableKey {
  readonly key: string;
  readonly isCommand: boolean;
}

/** Rows that a page key moves by. */
const pageRows = 10;

/** Where a key leads from a row, or null when it is no key of the table. */
export function rowAfterKey({ key, isCommand }: TableKey, row: number, count: number): number | null {
  if (count === 0) return null;
  const last = count - 1;
  const within = (wanted: number) => Math.min(last, Math.max(0, wanted));
  if (isCommand && key !== 'Home' && key !== 'End') return null;
  switch (key) {
    case 'ArrowDown':
      return within(row + 1);
    case 'ArrowUp':
      return within(row - 1);
    case 'PageDown':
      return within(row + pageRows);
    case 'PageUp':
      return within(row - pageRows);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

/** The rows to draw: those in sight and the one that has the focus, which must not vanish while it is scrolled away. */
export function drawnRows(inSight: readonly number[], focused: number, count: number): number[] {
  const isThere = focused >= 0 && focused < count && !inSight.includes(focused);
  return isThere ? [...inSight, focused].sort((a, b) => a - b) : [...inSight];
}
