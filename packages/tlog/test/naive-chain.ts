import { sha3_256 } from '@quantumvault/crypto';

// The plain hash chain that the log replaces: a table of rows, each with the hash of the one before it and its own
// fields joined as text. It is what the known attacks pass through.

export interface NaiveEvent {
  readonly action: string;
  readonly actor: string;
  /** Milliseconds. */
  readonly time: number;
  readonly note?: string | null | undefined;
}

export interface NaiveRow {
  readonly event: NaiveEvent;
  readonly previous: string;
  readonly current: string;
}

const genesis = '0'.repeat(64);

export function naiveHash(previous: string, event: NaiveEvent): string {
  const text = `${previous}${event.action}${event.actor}${new Date(event.time).toISOString()}${event.note ?? ''}`;
  return Buffer.from(sha3_256(new TextEncoder().encode(text))).toString('hex');
}

export function naiveChain(events: readonly NaiveEvent[], start = genesis): NaiveRow[] {
  const rows: NaiveRow[] = [];
  let previous = start;
  for (const event of events) {
    const current = naiveHash(previous, event);
    rows.push({ event, previous, current });
    previous = current;
  }
  return rows;
}

/** The usual verification call: order by clock, follow the links from the first row. */
export function naiveVerify(rows: readonly NaiveRow[]): boolean {
  const ordered = rows.toSorted((left, right) => left.event.time - right.event.time);
  let previous = ordered[0]?.previous ?? genesis;
  for (const row of ordered) {
    if (row.previous !== previous || row.current !== naiveHash(previous, row.event)) return false;
    previous = row.current;
  }
  return true;
}
