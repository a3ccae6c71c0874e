'use client';
import Link from 'next/link';
import { memo } from 'react';
import styles from './table.module.css';
import type { TableColumn } from './table.tsx';

interface TableRowProps<Row> {
  readonly row: Row;
  readonly index: number;
  /** Pixels below the head of the table. */
  readonly top: number;
  readonly columns: readonly TableColumn<Row>[];
  readonly rowHref: (row: Row) => string;
  readonly isStop: boolean;
  readonly measure: (element: HTMLTableRowElement | null) => void;
}

/** One row. Its link is stretched over all of it, so that it opens wherever it is pressed, and in a new tab like any link. */
function Row<Item>({ row, index, top, columns, rowHref, isStop, measure }: TableRowProps<Item>) {
  return (
    <tr
      ref={measure}
      data-index={index}
      aria-rowindex={index + 2}
      className={styles.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      {columns.map(({ name, cell }, column) =>
        column === 0 ? (
          <th key={name} scope="row" className={styles.name}>
            <Link href={rowHref(row)} prefetch={false} tabIndex={isStop ? 0 : -1}>
              {cell(row)}
            </Link>
          </th>
        ) : (
          <td key={name} data-name={name} className={styles.cell}>
            <div className={styles.value}>{cell(row)}</div>
          </td>
        ),
      )}
    </tr>
  );
}

// Scrolling draws the table again for each step; the rows that stay are the same.
export const TableRow = memo(Row) as typeof Row;
