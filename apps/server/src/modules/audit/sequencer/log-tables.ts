import type pg from 'pg';
import type { PendingEvent, PlacedLeaf, TenantHead } from '../domain/place-events.ts';

/** Key of the advisory lock that the one sequencer holds for as long as its connection lives. */
export const sequencerLock = 7_203_418_930n;

interface HeadRow {
  readonly tenant_id: string;
  readonly tenant_sequence: bigint;
  readonly log_index: bigint;
  readonly leaf_hash: Uint8Array;
  readonly chain_value: Uint8Array;
  readonly announced_sequence: bigint;
  readonly is_unannounced: boolean;
}

/**
 * The sequencer's statements, on the connection that holds the lock and on no other: a connection that lost the lock
 * cannot commit, because it is gone.
 */
export class LogTables {
  readonly #client: pg.Client;
  constructor(client: pg.Client) {
    this.#client = client;
  }

  async tryLock(): Promise<boolean> {
    const { rows } = await this.#client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
      sequencerLock,
    ]);
    return rows[0]?.locked === true;
  }

  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.#client.query('BEGIN');
    try {
      const result = await work();
      await this.#client.query('COMMIT');
      return result;
    } catch (error) {
      await this.#client.query('ROLLBACK').catch(() => {});
      throw error;
    }
  }

  /** Size of the log, whether this connection still holds the lock, and what lies at the last and at the next index. */
  async head(): Promise<{ size: bigint; isLocked: boolean; lastHash: Uint8Array | null; isNextFree: boolean }> {
    const { rows } = await this.#client.query<{
      size: bigint;
      is_locked: boolean;
      last_hash: Uint8Array | null;
      is_next_free: boolean;
    }>(
      `SELECT h.size,
              EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted
                         AND (classid::bigint << 32 | objid::bigint) = $1 AND objsubid = 1) AS is_locked,
              (SELECT leaf_hash FROM audit_leaf WHERE log_index = h.size - 1) AS last_hash,
              NOT EXISTS (SELECT 1 FROM audit_leaf WHERE log_index >= h.size) AS is_next_free
         FROM audit_head h`,
      [sequencerLock],
    );
    const row = rows[0];
    if (row === undefined) return { size: -1n, isLocked: true, lastHash: null, isNextFree: false };
    return { size: row.size, isLocked: row.is_locked, lastHash: row.last_hash, isNextFree: row.is_next_free };
  }

  /** Events with a pending mark, oldest mark first. Those that have a leaf already only lose their mark. */
  async pending(limit: number, except: readonly string[]): Promise<{ events: PendingEvent[]; placedBefore: string[] }> {
    const { rows } = await this.#client.query<{ id: string; tenant_id: string; event: Uint8Array; is_placed: boolean }>(
      `SELECT e.id, e.tenant_id, e.event, l.event_id IS NOT NULL AS is_placed
         FROM audit_pending p JOIN audit_event e ON e.id = p.event_id LEFT JOIN audit_leaf l ON l.event_id = p.event_id
        WHERE p.event_id <> ALL ($2::uuid[]) ORDER BY p.marked_at, p.event_id LIMIT $1`,
      [limit, except],
    );
    return {
      events: rows
        .filter((row) => !row.is_placed)
        .map((row) => ({ id: row.id, tenantId: row.tenant_id, bytes: row.event })),
      placedBefore: rows.filter((row) => row.is_placed).map((row) => row.id),
    };
  }

  async hasPending(except: readonly string[]): Promise<boolean> {
    const { rows } = await this.#client.query(
      'SELECT 1 FROM audit_pending WHERE event_id <> ALL ($1::uuid[]) LIMIT 1',
      [except],
    );
    return rows.length > 0;
  }

  /** Heads of tenants, each only as far as its own leaf bears it out: `isBorneOut` tells whether all of them are. */
  async tenantHeads(tenantIds: readonly string[]): Promise<{ heads: TenantHead[]; isBorneOut: boolean }> {
    const { rows } = await this.#client.query<HeadRow & { is_borne_out: boolean }>(
      `SELECT h.tenant_id, h.tenant_sequence, h.log_index, h.leaf_hash, h.chain_value, h.announced_sequence,
              h.unannounced_since IS NOT NULL AS is_unannounced,
              coalesce(l.tenant_id = h.tenant_id AND l.tenant_sequence = h.tenant_sequence AND l.leaf_hash = h.leaf_hash
                       AND l.chain_value = h.chain_value, false) AS is_borne_out
         FROM audit_tenant_head h LEFT JOIN audit_leaf l ON l.log_index = h.log_index
        WHERE h.tenant_id = ANY ($1::uuid[])`,
      [tenantIds],
    );
    const known = new Set(rows.map((row) => row.tenant_id));
    const unknown = tenantIds.filter((id) => !known.has(id));
    const orphans =
      unknown.length === 0
        ? []
        : (await this.#client.query('SELECT 1 FROM audit_leaf WHERE tenant_id = ANY ($1::uuid[]) LIMIT 1', [unknown]))
            .rows;
    return { heads: rows.map(headOf), isBorneOut: orphans.length === 0 && rows.every((row) => row.is_borne_out) };
  }

  /** Tenants whose newest leaf has waited this long for a tenant.head. */
  async tenantsToAnnounce(olderThanMs: number, limit: number): Promise<string[]> {
    const { rows } = await this.#client.query<{ tenant_id: string }>(
      `SELECT tenant_id FROM audit_tenant_head WHERE unannounced_since <= now() - $1 * interval '1 millisecond'
        ORDER BY unannounced_since, tenant_id LIMIT $2`,
      [olderThanMs, limit],
    );
    return rows.map((row) => row.tenant_id);
  }

  async insertLeaves(leaves: readonly PlacedLeaf[]): Promise<void> {
    await this.#client.query(
      `INSERT INTO audit_leaf (log_index, tenant_id, tenant_sequence, event_id, previous_leaf, leaf_hash, chain_value)
       SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::uuid[], $5::bytea[], $6::bytea[], $7::bytea[])`,
      [
        leaves.map((leaf) => leaf.logIndex),
        leaves.map((leaf) => leaf.tenantId),
        leaves.map((leaf) => leaf.tenantSequence),
        leaves.map((leaf) => leaf.eventId),
        leaves.map((leaf) => leaf.previousLeaf),
        leaves.map((leaf) => leaf.leafHash),
        leaves.map((leaf) => leaf.chainValue),
      ],
    );
  }

  async deleteMarks(eventIds: readonly string[]): Promise<void> {
    await this.#client.query('DELETE FROM audit_pending WHERE event_id = ANY ($1::uuid[])', [eventIds]);
  }

  /** Moves the head of the log from `from` to `to`; false when it is not at `from`. */
  async moveHead(from: bigint, to: bigint): Promise<boolean> {
    const { rowCount } = await this.#client.query('UPDATE audit_head SET size = $2 WHERE size = $1', [from, to]);
    return rowCount === 1;
  }

  async putTenantHeads(heads: readonly TenantHead[]): Promise<void> {
    await this.#client.query(
      `INSERT INTO audit_tenant_head AS held
              (tenant_id, tenant_sequence, log_index, leaf_hash, chain_value, announced_sequence, unannounced_since)
       SELECT t, s, i, h, c, a, CASE WHEN u THEN clock_timestamp() END
         FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bytea[], $5::bytea[], $6::bigint[], $7::boolean[])
           AS r (t, s, i, h, c, a, u)
       ON CONFLICT (tenant_id) DO UPDATE SET
         tenant_sequence = excluded.tenant_sequence, log_index = excluded.log_index, leaf_hash = excluded.leaf_hash,
         chain_value = excluded.chain_value, announced_sequence = excluded.announced_sequence,
         unannounced_since = CASE WHEN excluded.unannounced_since IS NULL THEN NULL
                                  ELSE coalesce(held.unannounced_since, excluded.unannounced_since) END`,
      [
        heads.map((head) => head.tenantId),
        heads.map((head) => head.tenantSequence),
        heads.map((head) => head.logIndex),
        heads.map((head) => head.leafHash),
        heads.map((head) => head.chainValue),
        heads.map((head) => head.announcedSequence),
        heads.map((head) => head.isUnannounced),
      ],
    );
  }

  async insertHeadEvent(event: {
    id: string;
    tenantId: string;
    occurredAt: Date;
    action: string;
    actor: { kind: string; id: string };
    bytes: Uint8Array;
  }): Promise<void> {
    await this.#client.query(
      `INSERT INTO audit_event (id, tenant_id, occurred_at, action, outcome, actor_kind, actor_id, resource_type, resource_id, event)
       VALUES ($1, $2::uuid, $3, $4, 'success', $5, $6, 'organization', ($2::uuid)::text, $7)`,
      [event.id, event.tenantId, event.occurredAt, event.action, event.actor.kind, event.actor.id, event.bytes],
    );
  }

  async newestCheckpoint(): Promise<{ size: bigint; root: Uint8Array } | null> {
    const { rows } = await this.#client.query<{ size: bigint; root: Uint8Array }>(
      'SELECT size, root FROM audit_checkpoint ORDER BY size DESC LIMIT 1',
    );
    return rows[0] ?? null;
  }

  async insertCheckpoint(row: { size: bigint; root: Uint8Array; note: string; signedAt: Date }): Promise<void> {
    await this.#client.query(
      'INSERT INTO audit_checkpoint (size, root, note, signed_at) VALUES ($1, $2, $3, $4) ON CONFLICT (size) DO NOTHING',
      [row.size, row.root, row.note, row.signedAt],
    );
  }

  /** Marks every event that has neither leaf nor mark (AUD-4, at boot). However large the table, it is gone through. */
  async markForgotten(): Promise<number> {
    return this.transaction(async () => {
      await this.#client.query('SET LOCAL statement_timeout = 0');
      const { rowCount } = await this.#client.query(
        `INSERT INTO audit_pending (event_id, tenant_id)
         SELECT e.id, e.tenant_id FROM audit_event e
          WHERE NOT EXISTS (SELECT 1 FROM audit_leaf l WHERE l.event_id = e.id)
            AND NOT EXISTS (SELECT 1 FROM audit_pending p WHERE p.event_id = e.id)
         ON CONFLICT (event_id) DO NOTHING`,
      );
      return rowCount ?? 0;
    });
  }
}

function headOf(row: HeadRow): TenantHead {
  return {
    tenantId: row.tenant_id,
    tenantSequence: row.tenant_sequence,
    logIndex: row.log_index,
    leafHash: row.leaf_hash,
    chainValue: row.chain_value,
    announcedSequence: row.announced_sequence,
    isUnannounced: row.is_unannounced,
  };
}
