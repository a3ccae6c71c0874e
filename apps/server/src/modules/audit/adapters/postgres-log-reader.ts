import { sql } from 'kysely';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { Sql } from '../../../platform/postgres/schema.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { LeafRow, StoredEvent } from '../domain/leaf-of-row.ts';
import type {
  EventQuery,
  LeafBatch,
  LeafPosition,
  ListedEvent,
  TenantLogReader,
  WholeLogReader,
} from '../ports/log-reader.ts';

const eventColumns = sql`
  e.id, e.tenant_id AS event_tenant_id, (extract(epoch FROM e.occurred_at) * 1000000)::bigint AS occurred_at_micros,
  e.action, e.outcome, e.actor_kind, e.actor_id, e.resource_type, e.resource_id, e.request_id, e.event`;
const leafColumns = sql`
  l.log_index, l.tenant_id, l.tenant_sequence, l.event_id, l.previous_leaf, l.leaf_hash, l.chain_value`;

interface EventColumns {
  readonly id: string;
  readonly event_tenant_id: string;
  readonly occurred_at_micros: bigint;
  readonly action: string;
  readonly outcome: StoredEvent['outcome'];
  readonly actor_kind: string;
  readonly actor_id: string;
  readonly resource_type: string;
  readonly resource_id: string;
  readonly request_id: string | null;
  readonly event: Uint8Array;
}
type JoinedRow = {
  readonly log_index: bigint;
  readonly tenant_id: string;
  readonly tenant_sequence: bigint;
  readonly event_id: string;
  readonly previous_leaf: Uint8Array;
  readonly leaf_hash: Uint8Array;
  readonly chain_value: Uint8Array;
  readonly place: string;
} & (EventColumns | { readonly id: null });

type ListedColumns = EventColumns & { readonly log_index: bigint | null; readonly tenant_sequence: bigint | null };

const listedEvent = (row: ListedColumns): ListedEvent => ({
  ...storedEvent(row),
  logIndex: row.log_index,
  tenantSequence: row.tenant_sequence,
});

// Ids of events are UUIDs of version 7, and the index that gives them in order has the id and not the time. An id is made
// just before its time is read, and never falls behind an older one: after a clock was set back, ids run ahead of times.
const idLeadMs = 60_000;
const idLagMs = 86_400_000;

/** Every id that was made at or after an instant is not below this. Times before 1970 are like 1970. */
function idBound(at: Date | null, shiftMs: number): string | null {
  if (at === null) return null;
  const hex = Math.max(0, at.getTime() + shiftMs)
    .toString(16)
    .padStart(12, '0')
    .slice(-12);
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** Reads leaves with their events; which rows it sees is the database role's matter. */
async function leavesAfter(db: Sql, after: LeafPosition | null, limit: number): Promise<LeafBatch> {
  const from = after ?? { logIndex: -1n, eventId: '00000000-0000-0000-0000-000000000000', place: '(0,0)' };
  // The first condition lets the index find the place, the second tells rows of one index apart: a damaged table may
  // hold an index twice, and each of them is to be seen.
  const { rows } = await sql<JoinedRow>`
    SELECT ${leafColumns}, l.ctid::text AS place, ${eventColumns}
      FROM audit_leaf l LEFT JOIN audit_event e ON e.id = l.event_id
     WHERE l.log_index >= ${from.logIndex}
       AND (l.log_index, l.event_id, l.ctid) > (${from.logIndex}::bigint, ${from.eventId}::uuid, ${from.place}::tid)
     ORDER BY l.log_index, l.event_id, l.ctid LIMIT ${limit}`.execute(db);
  const last = rows.at(-1);
  const next =
    last === undefined || rows.length < limit
      ? null
      : { logIndex: last.log_index, eventId: last.event_id, place: last.place };
  return { rows: rows.map(leafRow), next };
}

export class PostgresTenantLogReader implements TenantLogReader {
  async listEvents(tx: Transaction, query: EventQuery): Promise<readonly ListedEvent[]> {
    const { from = null, to = null } = query;
    const { rows } = await sql<ListedColumns>`
      SELECT ${eventColumns}, l.log_index, l.tenant_sequence
        FROM audit_event e LEFT JOIN audit_leaf l ON l.event_id = e.id
       WHERE (${query.before}::uuid IS NULL OR e.id < ${query.before}::uuid)
         AND (${query.action ?? null}::text IS NULL OR e.action = ${query.action ?? null}::text)
         AND (${query.resourceId ?? null}::text IS NULL OR e.resource_id = ${query.resourceId ?? null}::text)
         AND (${from}::timestamptz IS NULL OR (e.occurred_at >= ${from}::timestamptz AND e.id >= ${idBound(from, -idLeadMs)}::uuid))
         AND (${to}::timestamptz IS NULL OR (e.occurred_at < ${to}::timestamptz AND e.id < ${idBound(to, idLagMs)}::uuid))
         AND e.tenant_id = ${tx.tenantId}
       ORDER BY e.id DESC LIMIT ${query.limit}`.execute(sqlOf(tx));
    return rows.map(listedEvent);
  }

  async findEvent(tx: Transaction, eventId: string): Promise<ListedEvent | null> {
    const { rows } = await sql<ListedColumns>`
      SELECT ${eventColumns}, l.log_index, l.tenant_sequence
        FROM audit_event e LEFT JOIN audit_leaf l ON l.event_id = e.id
       WHERE e.id = ${eventId}::uuid AND e.tenant_id = ${tx.tenantId}
       ORDER BY l.log_index LIMIT 1`.execute(sqlOf(tx));
    return rows[0] === undefined ? null : listedEvent(rows[0]);
  }

  async findLeaf(tx: Transaction, eventId: string): Promise<LeafRow | null> {
    const { rows } = await sql<JoinedRow>`
      SELECT ${leafColumns}, l.ctid::text AS place, ${eventColumns}
        FROM audit_leaf l LEFT JOIN audit_event e ON e.id = l.event_id WHERE l.event_id = ${eventId}
       ORDER BY l.log_index LIMIT 1`.execute(sqlOf(tx));
    return rows[0] === undefined ? null : leafRow(rows[0]);
  }

  async eventExists(tx: Transaction, eventId: string): Promise<boolean> {
    const found = await sqlOf(tx).selectFrom('audit_event').select('id').where('id', '=', eventId).executeTakeFirst();
    return found !== undefined;
  }

  leavesAfter(tx: Transaction, after: LeafPosition | null, limit: number): Promise<LeafBatch> {
    return leavesAfter(sqlOf(tx), after, limit);
  }

  async leavesAfterSequence(tx: Transaction, after: bigint, limit: number): Promise<readonly LeafRow[]> {
    const { rows } = await sql<JoinedRow>`
      SELECT ${leafColumns}, l.ctid::text AS place, ${eventColumns}
        FROM audit_leaf l LEFT JOIN audit_event e ON e.id = l.event_id
       WHERE l.tenant_id = ${tx.tenantId} AND l.tenant_sequence > ${after}
       ORDER BY l.tenant_sequence LIMIT ${limit}`.execute(sqlOf(tx));
    return rows.map(leafRow);
  }
}

/** Over the role `qv_sequencer`, the only one that sees all leaves. */
export class PostgresWholeLogReader implements WholeLogReader {
  readonly #db: Sql;
  constructor(db: Sql) {
    this.#db = db;
  }

  leavesAfter(after: LeafPosition | null, limit: number): Promise<LeafBatch> {
    return leavesAfter(this.#db, after, limit);
  }

  async leavesBetween(start: bigint, end: bigint): Promise<readonly LeafRow[]> {
    const { rows } = await sql<JoinedRow>`
      SELECT ${leafColumns}, l.ctid::text AS place, ${eventColumns}
        FROM audit_leaf l LEFT JOIN audit_event e ON e.id = l.event_id
       WHERE l.log_index >= ${start} AND l.log_index < ${end}
       ORDER BY l.log_index, l.event_id, l.ctid`.execute(this.#db);
    return rows.map(leafRow);
  }

  async extent(): Promise<{ size: bigint; maxIndex: bigint | null }> {
    const { rows } = await sql<{ size: bigint | null; max_index: bigint | null }>`
      SELECT (SELECT size FROM audit_head) AS size, (SELECT max(log_index) FROM audit_leaf) AS max_index`.execute(
      this.#db,
    );
    return { size: rows[0]?.size ?? 0n, maxIndex: rows[0]?.max_index ?? null };
  }

  async isSettled(): Promise<boolean> {
    const { rows } = await sql<{ settled: boolean }>`
      SELECT NOT EXISTS (SELECT FROM audit_pending)
         AND NOT EXISTS (SELECT FROM audit_tenant_head WHERE unannounced_since IS NOT NULL) AS settled`.execute(
      this.#db,
    );
    return rows[0]?.settled ?? false;
  }

  async firstMissing(start: bigint, end: bigint): Promise<bigint | null> {
    const { rows } = await sql<{ index: bigint | null }>`
      WITH present AS (
        SELECT log_index, row_number() OVER (ORDER BY log_index) AS place FROM (
          SELECT DISTINCT log_index FROM audit_leaf WHERE log_index >= ${start} AND log_index < ${end}) AS distinct_leaf)
      SELECT coalesce(
        (SELECT ${start}::bigint + place - 1 FROM present WHERE log_index <> ${start}::bigint + place - 1 ORDER BY place LIMIT 1),
        ${start}::bigint + (SELECT count(*) FROM present)) AS index`.execute(this.#db);
    const index = rows[0]?.index ?? start;
    return index < end ? index : null;
  }
}

function storedEvent(row: EventColumns): StoredEvent {
  return {
    id: row.id,
    tenantId: row.event_tenant_id,
    occurredAtMicros: row.occurred_at_micros,
    action: row.action,
    outcome: row.outcome,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    resourceType: row.resource_type,
    resourceId: row.resource_id,
    requestId: row.request_id,
    bytes: row.event,
  };
}

function leafRow(row: JoinedRow): LeafRow {
  return {
    logIndex: row.log_index,
    tenantId: row.tenant_id,
    tenantSequence: row.tenant_sequence,
    eventId: row.event_id,
    previousLeaf: row.previous_leaf,
    leafHash: row.leaf_hash,
    chainValue: row.chain_value,
    event: row.id === null ? null : storedEvent(row),
  };
}
