import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { LeafRow, StoredEvent } from '../domain/leaf-of-row.ts';

/** Where a walk through the leaves stands; the start of the log is null. */
export interface LeafPosition {
  readonly logIndex: bigint;
  readonly eventId: string;
  /** Place of the row in the table: tells apart even rows that say the same. */
  readonly place: string;
}

export interface LeafBatch {
  readonly rows: readonly LeafRow[];
  /** null when there is nothing after these. */
  readonly next: LeafPosition | null;
}

export interface EventQuery {
  readonly before: string | null;
  readonly action: string | undefined;
  readonly resourceId: string | undefined;
  /** `from` <= time < `to` */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly limit: number;
}

export interface ListedEvent extends StoredEvent {
  readonly logIndex: bigint | null;
  readonly tenantSequence: bigint | null;
}

/** Reading inside the tenant of a transaction. Rows come as they are found: damaged, twice or with gaps. */
export interface TenantLogReader {
  listEvents(tx: Transaction, query: EventQuery): Promise<readonly ListedEvent[]>;
  findEvent(tx: Transaction, eventId: string): Promise<ListedEvent | null>;
  findLeaf(tx: Transaction, eventId: string): Promise<LeafRow | null>;
  eventExists(tx: Transaction, eventId: string): Promise<boolean>;
  /** Leaves in log order after a position. */
  leavesAfter(tx: Transaction, after: LeafPosition | null, limit: number): Promise<LeafBatch>;
  /** Leaves in the order of the tenant's sequence, after one. */
  leavesAfterSequence(tx: Transaction, after: bigint, limit: number): Promise<readonly LeafRow[]>;
}

/** Reading the whole log, for the sequencer's comparison and for exports of all leaves. */
export interface WholeLogReader {
  leavesAfter(after: LeafPosition | null, limit: number): Promise<LeafBatch>;
  /** Leaves with `start` <= log index < `end`. */
  leavesBetween(start: bigint, end: bigint): Promise<readonly LeafRow[]>;
  /** Size of the log and the greatest index in the table, as of one moment. */
  extent(): Promise<{ readonly size: bigint; readonly maxIndex: bigint | null }>;
  /** Whether no event waits for its leaf and no tenant for its head: the log will not grow by itself. */
  isSettled(): Promise<boolean>;
  /** First index in `start` <= index < `end` that no leaf has, or null. */
  firstMissing(start: bigint, end: bigint): Promise<bigint | null>;
}
