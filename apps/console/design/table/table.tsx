'use client';
import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Button } from '../button.tsx';
import { Skeleton } from '../skeleton.tsx';
import styles from './table.module.css';
import { drawnRows, rowAfterKey } from './table-keys.ts';
import { TableRow } from './table-row.tsx';
import { useDistanceFromTop } from './use-distance.ts';
import type { Pages } from './use-pages.ts';

export interface TableColumn<Row> {
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  /** Its part of the width; default 1. */
  readonly width?: number;
}

export interface TableProps<Row> {
  /** What the rows are, for those who do not see the heading. */
  readonly label: string;
  /** The first one names the row and holds its link. The same array each time: rows are drawn again when it changes. */
  readonly columns: readonly TableColumn<Row>[];
  readonly pages: Pages<Row>;
  readonly rowKey: (row: Row) => string;
  /** Where a row leads; the same function each time. */
  readonly rowHref: (row: Row) => string;
}

/** What the bar of the console and the head of the table cover of the window, in pixels. */
const coveredTop = 104;
/** The next page is asked for when so many rows are left below those in sight. */
const rowsAhead = 15;
const isNarrow = () => window.matchMedia('(max-width: 48rem)').matches;

/**
 * Rows over keyset pages, of which only those in sight are drawn: a million cost what thirty do. The window scrolls, as on
 * any page. One row is a stop of the Tab key; arrows, Page, Home and End go from row to row, and Enter follows its link.
 */
export function Table<Row>({ label, columns, pages, rowKey, rowHref }: TableProps<Row>) {
  const { items, hasMore, isLoading, isLoadingMore, isStale, error, loadMore } = pages;
  const body = useRef<HTMLTableSectionElement>(null);
  const [current, setCurrent] = useState(0);
  const wantsFocus = useRef(false);
  const hintId = useId();
  const scrollMargin = useDistanceFromTop(body);
  // Lists become shorter; the stop of the Tab key stays on a row that there is.
  const stop = Math.min(current, Math.max(0, items.length - 1));
  const rows = useWindowVirtualizer<HTMLTableRowElement>({
    count: items.length,
    estimateSize: () => (isNarrow() ? 34 * columns.length : 45),
    getItemKey: (index) => {
      const row = items[index];
      return row === undefined ? index : rowKey(row);
    },
    overscan: 8,
    scrollMargin,
    scrollPaddingStart: coveredTop,
    scrollPaddingEnd: 16,
    useFlushSync: false,
    rangeExtractor: (range) => drawnRows(defaultRangeExtractor(range), stop, items.length),
  });
  const isNearEnd = (rows.range?.endIndex ?? 0) >= items.length - rowsAhead;
  const mayLoad = isNearEnd && hasMore && !isLoadingMore && !isStale && error === null;
  // An empty page leaves the rows as they were; that it was loaded brings the effect here again.
  useEffect(() => {
    if (mayLoad) loadMore();
  }, [mayLoad, loadMore]);
  useEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    const row = body.current?.querySelector(`[data-index="${current}"]`);
    row?.querySelector('a')?.focus({ preventScroll: true });
  }, [current]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.shiftKey) return;
    const next = rowAfterKey({ key: event.key, isCommand: event.ctrlKey || event.metaKey }, stop, items.length);
    if (next === null) return;
    event.preventDefault();
    rows.scrollToIndex(next, { align: 'auto' });
    wantsFocus.current = next !== stop;
    setCurrent(next);
  };
  if (isLoading) return <Skeleton label={`Reading: ${label}`} lines={8} />;
  if (items.length === 0 && !hasMore) return null;
  return (
    <div className={styles.frame}>
      <table
        aria-label={label}
        aria-describedby={hintId}
        aria-rowcount={hasMore ? -1 : items.length + 1}
        aria-colcount={columns.length}
        aria-busy={isStale || undefined}
        className={styles.table}
        style={{ ['--columns' as string]: columns.map(({ width = 1 }) => `minmax(0, ${width}fr)`).join(' ') }}
      >
        <thead className={styles.head}>
          <tr aria-rowindex={1} className={styles.names}>
            {columns.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody
          ref={body}
          className={styles.body}
          style={{ blockSize: rows.getTotalSize() }}
          onKeyDown={onKeyDown}
          onFocus={({ target }) => {
            const index = target.closest('[data-index]')?.getAttribute('data-index');
            if (index != null) setCurrent(Number(index));
          }}
        >
          {rows.getVirtualItems().map(({ key, index, start }) => {
            const row = items[index];
            return row === undefined ? null : (
              <TableRow
                key={key}
                row={row}
                index={index}
                top={start - scrollMargin}
                columns={columns}
                rowHref={rowHref}
                isStop={index === stop}
                measure={rows.measureElement}
              />
            );
          })}
        </tbody>
      </table>
      <p id={hintId} hidden>
        Arrow keys go from row to row, Enter opens one.
      </p>
      {isLoadingMore ? (
        <p role="status" className={styles.more}>
          Reading more…
        </p>
      ) : null}
      {hasMore && error !== null && !isLoadingMore ? (
        <div className={styles.more}>
          <Button onClick={loadMore}>Read more</Button>
        </div>
      ) : null}
    </div>
  );
}
