import { sql } from 'kysely';
import { idFrom } from '../../../kernel/ids.ts';
import type { Sql } from '../../../platform/postgres/schema.ts';
import type { Claim } from '../domain/job.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { LeaseOf } from '../ports/job-repository.ts';

interface ClaimRow {
  id: string;
  tenant_id: string;
  kind: string;
  lease_token: string;
  is_exhausted: boolean;
  is_lost: boolean;
  priority: number;
  run_at: Date;
}

const inTurn = (a: ClaimRow, b: ClaimRow): number =>
  Number(b.is_lost) - Number(a.is_lost) ||
  b.priority - a.priority ||
  a.run_at.getTime() - b.run_at.getTime() ||
  (a.id < b.id ? -1 : 1);

/** Works as `qv_worker`: column privileges let it see ids and leases, and change leases, of every tenant. */
export class PostgresJobQueue implements JobQueue {
  readonly #db: Sql;
  readonly #kinds: readonly string[] | null;
  /** `kinds`: claims these alone; all when absent. */
  constructor(options: { db: Sql; kinds?: readonly string[] }) {
    this.#db = options.db;
    this.#kinds = options.kinds ?? null;
  }

  async claim({ limit, leaseSeconds }: { limit: number; leaseSeconds: number }): Promise<readonly Claim[]> {
    const kinds = this.#kinds;
    // Lost jobs first: they have waited for a lease already. SKIP LOCKED lets workers claim side by side.
    const { rows } = await sql<ClaimRow>`
      WITH lost AS MATERIALIZED (
        SELECT id, attempts >= attempts_max AS is_exhausted, true AS is_lost FROM job
         WHERE status = 'running' AND lease_until < now() AND (${kinds}::text[] IS NULL OR kind = ANY (${kinds}::text[]))
         ORDER BY lease_until LIMIT ${limit} FOR UPDATE SKIP LOCKED
      ), due AS MATERIALIZED (
        SELECT id, false AS is_exhausted, false AS is_lost FROM job
         WHERE status = 'pending' AND run_at <= now() AND (${kinds}::text[] IS NULL OR kind = ANY (${kinds}::text[]))
         ORDER BY priority DESC, run_at, id LIMIT ${limit}::int - (SELECT count(*) FROM lost) FOR UPDATE SKIP LOCKED
      ), chosen AS (SELECT * FROM lost UNION ALL SELECT * FROM due)
      UPDATE job SET status = 'running',
             attempts = job.attempts + (CASE WHEN chosen.is_exhausted THEN 0 ELSE 1 END),
             lease_token = gen_random_uuid(),
             lease_until = now() + make_interval(secs => ${leaseSeconds})
        FROM chosen WHERE job.id = chosen.id
      RETURNING job.id, job.tenant_id, job.kind, job.lease_token, chosen.is_exhausted, chosen.is_lost, job.priority, job.run_at`.execute(
      this.#db,
    );
    // An UPDATE returns its rows in any order; the worker begins them in the order in which they were due.
    return rows.sort(inTurn).map((row) => ({
      id: idFrom(row.id),
      tenantId: idFrom(row.tenant_id),
      kind: row.kind,
      token: idFrom(row.lease_token),
      isExhausted: row.is_exhausted,
    }));
  }

  async heartbeat(held: readonly LeaseOf[], leaseSeconds: number) {
    // A row that a completion or a checkpoint holds is passed over: nobody can take that job now, and a heartbeat that
    // waited for it would let the leases of all others end.
    const { rows } = await sql<{ id: string; cancel_requested: boolean }>`
      WITH held AS (
        SELECT job.id, job.cancel_requested_at IS NOT NULL AS cancel_requested
          FROM job JOIN unnest(${held.map(({ id }) => id)}::uuid[], ${held.map(({ token }) => token)}::uuid[]) AS given (id, token)
            ON job.id = given.id AND job.lease_token = given.token
      ), free AS MATERIALIZED (
        SELECT job.id, job.lease_token FROM job JOIN held ON job.id = held.id FOR UPDATE OF job SKIP LOCKED
      ), extended AS (
        UPDATE job SET lease_until = now() + make_interval(secs => ${leaseSeconds})
          FROM free WHERE job.id = free.id AND job.lease_token = free.lease_token
      )
      SELECT id, cancel_requested FROM held`.execute(this.#db);
    return rows.map((row) => ({ id: row.id, cancelRequested: row.cancel_requested }));
  }

  async release(held: readonly LeaseOf[], delayMs: number): Promise<void> {
    await sql`
      UPDATE job SET status = 'pending', lease_token = NULL, lease_until = NULL,
             attempts = greatest(job.attempts - 1, 0),
             run_at = now() + make_interval(secs => ${delayMs / 1000})
        FROM unnest(${held.map(({ id }) => id)}::uuid[], ${held.map(({ token }) => token)}::uuid[]) AS held (id, token)
       WHERE job.id = held.id AND job.lease_token = held.token`.execute(this.#db);
  }

  async counts() {
    const rows = await this.#db
      .selectFrom('job')
      .select(['status', (builder) => builder.fn.countAll<bigint>().as('count')])
      .where('status', 'in', ['pending', 'running'])
      .groupBy('status')
      .execute();
    const of = (status: string) => Number(rows.find((row) => row.status === status)?.count ?? 0n);
    return { pending: of('pending'), running: of('running') };
  }
}
