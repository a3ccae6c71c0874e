import { sql } from 'kysely';
import { type ActorId, idFrom, type JobId, type LeaseToken } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { mergedKeys } from '../../../platform/postgres/merge-groups.ts';
import type { Row } from '../../../platform/postgres/schema.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import { type Job, type JobKind, jobKinds, jobStatuses, type NewJob } from '../domain/job.ts';
import type { BegunJob, JobFilter, JobRepository, LeaseOf } from '../ports/job-repository.ts';

function jobOf(row: Row<'job'>): Job {
  return {
    id: idFrom(row.id),
    // A kind that only a newer release knows is refused by the contract when it is shown.
    kind: row.kind as JobKind,
    status: row.status,
    assetId: row.asset_id === null ? null : idFrom(row.asset_id),
    policyId: row.policy_id === null ? null : idFrom(row.policy_id),
    policyVersion: row.policy_version,
    input: row.input,
    result: row.result,
    requestedBy: idFrom(row.requested_by),
    priority: row.priority,
    runAt: row.run_at,
    attempts: row.attempts,
    attemptsMax: row.attempts_max,
    progress: row.progress,
    cancelRequestedAt: row.cancel_requested_at,
    errorCode: row.error_code,
    errorMessage: row.error_message,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}

const idsOf = (claims: readonly LeaseOf[]): string[] => claims.map(({ id }) => id);
const tokensOf = (claims: readonly LeaseOf[]): string[] => claims.map(({ token }) => token);
const json = (value: unknown): string => JSON.stringify(value ?? null);

export class PostgresJobRepository implements JobRepository {
  async insert(tx: Transaction, job: NewJob & { id: JobId; requestedBy: ActorId }): Promise<Job> {
    const row = await sqlOf(tx)
      .insertInto('job')
      .values({
        id: job.id,
        tenant_id: tx.tenantId,
        kind: job.kind,
        asset_id: job.assetId ?? null,
        policy_id: job.policyId ?? null,
        policy_version: job.policyVersion ?? null,
        input: json(job.input),
        requested_by: job.requestedBy,
        priority: job.priority ?? 0,
        schedule_id: job.scheduled?.scheduleId ?? null,
        due_at: job.scheduled?.dueAt ?? null,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return jobOf(row);
  }

  async find(tx: Transaction, id: string): Promise<Job | null> {
    const row = await sqlOf(tx).selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : jobOf(row);
  }

  async list(tx: Transaction, filter: JobFilter): Promise<readonly Job[]> {
    const { status, kind, assetId, denied, before, limit } = filter;
    // A filter by one of kind and status alone merges what the index over both has in order (INV-12).
    if (denied.length === 0 && assetId === undefined && (status === undefined) !== (kind === undefined)) {
      const keys = mergedKeys({
        table: 'job',
        where: sql<boolean>`t.tenant_id = ${tx.tenantId}::uuid AND ${status === undefined ? sql`t.kind = ${kind}` : sql`t.status = ${status}`}`,
        group: { column: status === undefined ? 'status' : 'kind', type: 'text' },
        values: status === undefined ? jobStatuses : jobKinds,
        order: ['id'],
        after: before === null ? null : sql<boolean>`id < ${before}::uuid`,
        limit,
      });
      const { rows } = await sql<Row<'job'>>`
        SELECT j.* FROM (${keys}) AS k JOIN job AS j ON j.tenant_id = ${tx.tenantId}::uuid AND j.id = k.id
         ORDER BY j.id DESC`.execute(sqlOf(tx));
      return rows.map(jobOf);
    }
    let query = sqlOf(tx).selectFrom('job').selectAll().where('tenant_id', '=', tx.tenantId);
    if (status !== undefined) query = query.where('status', '=', status);
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (assetId !== undefined) query = query.where('asset_id', '=', assetId);
    if (before !== null) query = query.where('id', '<', before);
    // A job stands where its asset does, or in the environment that it scans.
    if (denied.length > 0)
      query = query.where(sql<boolean>`
        coalesce((SELECT a.environment_id::text FROM asset AS a WHERE a.tenant_id = job.tenant_id AND a.id = job.asset_id),
                 job.input ->> 'environmentId', '') <> ALL (${[...denied]}::text[])`);
    return (await query.orderBy('id', 'desc').limit(limit).execute()).map(jobOf);
  }

  async requestCancel(tx: Transaction, id: string): Promise<Job | null> {
    const row = await sqlOf(tx)
      .updateTable('job')
      .set({
        status: sql`CASE WHEN status = 'pending' THEN 'cancelled' ELSE status END`,
        finished_at: sql`CASE WHEN status = 'pending' THEN now() END`,
        cancel_requested_at: sql`coalesce(cancel_requested_at, now())`,
      })
      .where('id', '=', id)
      .where('status', 'in', ['pending', 'running'])
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) return null;
    // Delivered at the commit; the worker looks at once instead of at its next heartbeat.
    if (row.status === 'running') await sql`SELECT pg_notify('qv_job', 'cancel')`.execute(sqlOf(tx));
    return jobOf(row);
  }

  async begin(tx: Transaction, claims: readonly LeaseOf[]): Promise<ReadonlyMap<LeaseToken, BegunJob>> {
    const { rows } = await sql<Row<'job'> & { token: string; is_first_start: boolean }>`
      UPDATE job SET started_at = CASE WHEN job.cancel_requested_at IS NULL THEN coalesce(job.started_at, now()) ELSE job.started_at END
        FROM (SELECT job.id, job.lease_token, job.started_at
                FROM job JOIN unnest(${idsOf(claims)}::uuid[], ${tokensOf(claims)}::uuid[]) AS held (id, token)
                  ON job.id = held.id AND job.lease_token = held.token
               ORDER BY job.id FOR UPDATE OF job) AS before
       WHERE job.id = before.id AND job.lease_token = before.lease_token
      RETURNING job.*, job.lease_token AS token, before.started_at IS NULL AS is_first_start`.execute(sqlOf(tx));
    return new Map(
      rows.map((row) => [idFrom<LeaseToken>(row.token), { job: jobOf(row), isFirstStart: row.is_first_start }]),
    );
  }

  async holdLeases(
    tx: Transaction,
    claims: readonly LeaseOf[],
  ): Promise<ReadonlyMap<LeaseToken, { cancelRequested: boolean }>> {
    const { rows } = await sql<{ token: string; cancel_requested: boolean }>`
      SELECT job.lease_token AS token, job.cancel_requested_at IS NOT NULL AS cancel_requested
        FROM job JOIN unnest(${idsOf(claims)}::uuid[], ${tokensOf(claims)}::uuid[]) AS held (id, token)
          ON job.id = held.id AND job.lease_token = held.token
       ORDER BY job.id FOR UPDATE OF job`.execute(sqlOf(tx));
    return new Map(rows.map((row) => [idFrom<LeaseToken>(row.token), { cancelRequested: row.cancel_requested }]));
  }

  async succeed(tx: Transaction, claims: readonly (LeaseOf & { result: unknown })[]): Promise<number> {
    if (claims.length === 0) return 0;
    const { numAffectedRows } = await sql`
      UPDATE job SET status = 'succeeded', result = given.result, error_code = NULL, error_message = NULL, progress = 100,
             finished_at = now(), lease_token = NULL, lease_until = NULL
        FROM unnest(${idsOf(claims)}::uuid[], ${tokensOf(claims)}::uuid[], ${claims.map(({ result }) => json(result))}::jsonb[])
          AS given (id, token, result)
       WHERE job.id = given.id AND job.lease_token = given.token`.execute(sqlOf(tx));
    return Number(numAffectedRows ?? 0n);
  }

  async end(tx: Transaction, claim: LeaseOf, outcome: Parameters<JobRepository['end']>[2]): Promise<boolean> {
    const result = await sqlOf(tx)
      .updateTable('job')
      .set({
        status: outcome.status,
        error_code: outcome.error.code,
        error_message: outcome.error.message,
        finished_at: sql`now()`,
        lease_token: null,
        lease_until: null,
      })
      .where('id', '=', claim.id)
      .where('lease_token', '=', claim.token)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  async retry(
    tx: Transaction,
    claim: LeaseOf,
    options: { delayMs: number; error: { code: string; message: string } },
  ): Promise<boolean> {
    const result = await sqlOf(tx)
      .updateTable('job')
      .set({
        status: 'pending',
        run_at: sql`now() + make_interval(secs => ${options.delayMs / 1000})`,
        error_code: options.error.code,
        error_message: options.error.message,
        lease_token: null,
        lease_until: null,
        progress: 0,
      })
      .where('id', '=', claim.id)
      .where('lease_token', '=', claim.token)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  async setProgress(tx: Transaction, claim: LeaseOf, percent: number): Promise<void> {
    await sqlOf(tx)
      .updateTable('job')
      .set({ progress: percent })
      .where('id', '=', claim.id)
      .where('lease_token', '=', claim.token)
      .execute();
  }
}
