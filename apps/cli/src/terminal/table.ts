import type { Output } from './output.ts';
import { cutTo, displayWidth, safeText } from './safe-text.ts';
import type { Style } from './style.ts';

/** A cell is made safe to print by the table; colour is put around the padded text. */
export type Cell = string | { readonly text: string; readonly style: Style };

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

const textOf = (cell: Cell): string => safeText(typeof cell === 'string' ? cell : cell.text);
const styleOf = (cell: Cell): Style => (typeof cell === 'string' ? 'plain' : cell.style);
const gap = '  ';

/** Prints rows in aligned columns. On a terminal the last column is cut to its width; in a pipe nothing is. */
export function printTable(output: Output, columns: readonly Column[], rows: readonly (readonly Cell[])[]): void {
  const widths = columns.map(({ title }, at) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(textOf(row[at] ?? '')))),
  );
  const last = columns.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + gap.length, 0);
  const lastMax = output.out.isTerminal ? Math.max(8, output.out.columns - before) : Number.POSITIVE_INFINITY;
  const print = (cells: readonly Cell[], rowStyle: Style = 'plain'): void => {
    const parts = columns.map(({ align }, at) => {
      const cell = cells[at] ?? '';
      const text = at === last && align !== 'right' ? cutTo(textOf(cell), lastMax) : textOf(cell);
      const padding = ' '.repeat(Math.max(0, (widths[at] ?? 0) - displayWidth(text)));
      const painted = output.paint(text, rowStyle === 'plain' ? styleOf(cell) : rowStyle);
      if (align === 'right') return padding + painted;
      return at === last ? painted : painted + padding;
    });
    output.line(parts.join(gap).trimEnd());
  };
  print(
    columns.map(({ title }) => title),
    'dim',
  );
  for (const row of rows) print(row);
}

/** Prints `label  value` lines with the values aligned. */
export function printFields(
  output: Output,
  fields: readonly (readonly [label: string, value: Cell])[],
  indent = '',
): void {
  // Labels may come from a file too, such as the names of a context.
  const shown = fields.map(([label, value]) => [safeText(label), value] as const);
  const width = Math.max(...shown.map(([label]) => displayWidth(label)));
  for (const [label, value] of shown) {
    const padding = ' '.repeat(width - displayWidth(label));
    output.line(`${indent}${output.paint(label, 'dim')}${padding}${gap}${output.paint(textOf(value), styleOf(value))}`);
  }
}
