import type { Exposure, Sensitivity } from '@quantumvault/inventory';
import { sql } from 'kysely';
import { idFrom, type JobId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { Row } from '../../../platform/postgres/schema.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import {
  type RecordedTarget,
  type ScanRun,
  type TargetFacts,
  type TargetStatus,
  targetChanges,
  targetStatuses,
} from '../domain/scan-run.ts';
import type {
  AskedTarget,
  BegunScan,
  ListedScan,
  NewScanRun,
  ScanCounts,
  ScanFilter,
  ScanRepository,
} from '../ports/scan-repository.ts';
import { environmentsWithin } from './environments-within.ts';

function runOf(row: Row<'scan_run'>): ScanRun {
  return {
    id: idFrom(row.id),
    jobId: idFrom(row.job_id),
    scope: row.scope,
    previousId: row.previous_id === null ? null : idFrom(row.previous_id),
    environmentId: idFrom(row.environment_id),
    sensitivity: row.sensitivity as Sensitivity,
    exposure: row.exposure as Exposure,
    dataLifetimeYears: row.data_lifetime_years,
    profile: row.profile,
    targets: row.targets,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}

const targetOf = (row: Row<'scan_target'>): RecordedTarget & { readonly seq: number } => ({
  seq: row.seq,
  target: row.target,
  status: row.status,
  change: row.change,
  changed: row.changed,
  error: row.error,
  // Written by this file alone.
  facts: row.facts as TargetFacts | null,
  assetId: row.asset_id === null ? null : idFrom(row.asset_id),
});

/** In the place of a list that may be empty: no environment has this id. */
const nowhere = '00000000-0000-0000-0000-000000000000';
const noTargets: Readonly<Record<TargetStatus, number>> = { pending: 0, answered: 0, unreachable: 0, refused: 0 };

export class PostgresScanRepository implements ScanRepository {
  async begin(tx: Transaction, wanted: NewScanRun): Promise<BegunScan> {
    const db = sqlOf(tx);
    const known = await this.findForUpdate(tx, wanted.id);
    if (known === null) await this.#insert(tx, wanted);
    else await db.updateTable('scan_run').set({ job_id: wanted.jobId }).where('id', '=', wanted.id).execute();
    const row = await db.selectFrom('scan_run').selectAll().where('id', '=', wanted.id).executeTakeFirstOrThrow();
    const pending = await db
      .selectFrom('scan_target')
      .select('target')
      .where('tenant_id', '=', tx.tenantId)
      .where('scan_id', '=', wanted.id)
      .where('status', '=', 'pending')
      .orderBy('seq')
      .execute();
    return { run: runOf(row), pending: pending.map(({ target }) => target) };
  }

  async #insert(tx: Transaction, run: NewScanRun): Promise<void> {
    const db = sqlOf(tx);
    const before = await db
      .selectFrom('scan_run')
      .select('id')
      .where('tenant_id', '=', tx.tenantId)
      .where('environment_id', '=', run.environmentId)
      .where('scope', '=', run.scope)
      .where('profile', '=', run.profile)
      .where('finished_at', 'is not', null)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    await db
      .insertInto('scan_run')
      .values({
        id: run.id,
        tenant_id: tx.tenantId,
        job_id: run.jobId,
        scope: run.scope,
        previous_id: before?.id ?? null,
        environment_id: run.environmentId,
        sensitivity: run.sensitivity,
        exposure: run.exposure,
        data_lifetime_years: run.dataLifetimeYears,
        profile: run.profile,
        targets: run.targets.length,
        requested_by: run.requestedBy,
      })
      .execute();
    await sql`
      INSERT INTO scan_target (tenant_id, scan_id, seq, target)
      SELECT ${tx.tenantId}::uuid, ${run.id}::uuid, t.seq - 1, t.target
        FROM unnest(${[...run.targets]}::text[]) WITH ORDINALITY AS t (target, seq)`.execute(db);
  }

  async find(tx: Transaction, id: string): Promise<ScanRun | null> {
    const row = await sqlOf(tx).selectFrom('scan_run').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : runOf(row);
  }

  async findForUpdate(tx: Transaction, id: string): Promise<ScanRun | null> {
    const query = sqlOf(tx).selectFrom('scan_run').selectAll().where('id', '=', id).forUpdate();
    const row = await query.executeTakeFirst();
    return row === undefined ? null : runOf(row);
  }

  async lastJob(tx: Transaction, { jobId }: ScanRun): Promise<{ readonly input: unknown; readonly isOpen: boolean }> {
    const row = await sqlOf(tx)
      .selectFrom('job')
      .select(['input', 'finished_at'])
      .where('tenant_id', '=', tx.tenantId)
      .where('id', '=', jobId)
      .executeTakeFirstOrThrow();
    return { input: row.input, isOpen: row.finished_at === null };
  }

  async handTo(tx: Transaction, { id }: ScanRun, jobId: string): Promise<void> {
    await sqlOf(tx).updateTable('scan_run').set({ job_id: jobId }).where('id', '=', id).execute();
  }

  async factsBefore(
    tx: Transaction,
    { previousId }: ScanRun,
    targets: readonly string[],
  ): Promise<ReadonlyMap<string, TargetFacts | null>> {
    if (previousId === null || targets.length === 0) return new Map();
    const rows = await sqlOf(tx)
      .selectFrom('scan_target')
      .select(['target', 'facts'])
      .where('tenant_id', '=', tx.tenantId)
      .where('scan_id', '=', previousId)
      .where('target', 'in', [...targets])
      .where('status', '<>', 'pending')
      .execute();
    return new Map(rows.map(({ target, facts }) => [target, facts as TargetFacts | null]));
  }

  async record(tx: Transaction, scanId: JobId, targets: readonly RecordedTarget[]): Promise<void> {
    const rows = targets.map(({ target, status, change, changed, error, facts, assetId }) => ({
      target,
      status,
      change,
      changed,
      error,
      facts,
      asset_id: assetId,
    }));
    await sql`
      UPDATE scan_target AS t
         SET status = r.status, change = r.change, changed = r.changed, error = r.error, facts = r.facts,
             asset_id = r.asset_id, recorded_at = now()
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
             AS r (target text, status text, change text, changed text[], error text, facts jsonb, asset_id uuid)
       WHERE t.tenant_id = ${tx.tenantId}::uuid AND t.scan_id = ${scanId}::uuid AND t.target = r.target
         AND t.status = 'pending'`.execute(sqlOf(tx));
  }

  async finish(tx: Transaction, scanId: JobId): Promise<void> {
    const finished = { finished_at: sql<Date>`now()` };
    await sqlOf(tx).updateTable('scan_run').set(finished).where('id', '=', scanId).execute();
  }

  async counts(tx: Transaction, scanId: string): Promise<ScanCounts> {
    const rows = await sqlOf(tx)
      .selectFrom('scan_target')
      .select(['status', 'change', sql<bigint>`count(*)`.as('count')])
      .where('tenant_id', '=', tx.tenantId)
      .where('scan_id', '=', scanId)
      .groupBy(['status', 'change'])
      .execute();
    const sum = (isWanted: (row: (typeof rows)[number]) => boolean): number =>
      rows.filter(isWanted).reduce((total, { count }) => total + Number(count), 0);
    const of = <Name extends string>(names: readonly Name[], key: 'status' | 'change') =>
      Object.fromEntries(names.map((name) => [name, sum((row) => row[key] === name)])) as Record<Name, number>;
    return { status: of(targetStatuses, 'status'), change: of(targetChanges, 'change') };
  }

  async list(tx: Transaction, filter: ScanFilter): Promise<readonly ListedScan[]> {
    const environments = await environmentsWithin(tx, filter);
    let query = sqlOf(tx)
      .selectFrom('scan_run as r')
      .innerJoin('job as j', (join) => join.onRef('j.tenant_id', '=', 'r.tenant_id').onRef('j.id', '=', 'r.job_id'))
      .innerJoin('scan_target as t', (join) =>
        join.onRef('t.tenant_id', '=', 'r.tenant_id').onRef('t.scan_id', '=', 'r.id').on('t.seq', '=', 0),
      )
      .selectAll('r')
      .select(['j.status as job_status', 't.target as first_target'])
      .where('r.tenant_id', '=', tx.tenantId);
    if (environments !== null) query = query.where('r.environment_id', 'in', [...environments, nowhere]);
    if (filter.environmentId !== undefined) query = query.where('r.environment_id', '=', filter.environmentId);
    if (filter.scope !== undefined) query = query.where('r.scope', '=', filter.scope);
    if (filter.before !== null) query = query.where('r.id', '<', filter.before);
    const rows = await query.orderBy('r.id', 'desc').limit(filter.limit).execute();
    const counts = await this.#statusOf(
      tx,
      rows.map(({ id }) => id),
    );
    return rows.map((row) => ({
      id: idFrom<JobId>(row.id),
      run: runOf(row),
      jobStatus: row.job_status,
      firstTarget: row.first_target,
      requestedBy: row.requested_by,
      status: { ...noTargets, ...counts.get(row.id) },
    }));
  }

  async #statusOf(
    tx: Transaction,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, Partial<Record<TargetStatus, number>>>> {
    const found = new Map<string, Partial<Record<TargetStatus, number>>>();
    if (ids.length === 0) return found;
    const rows = await sqlOf(tx)
      .selectFrom('scan_target')
      .select(['scan_id', 'status', sql<bigint>`count(*)`.as('count')])
      .where('tenant_id', '=', tx.tenantId)
      .where('scan_id', 'in', [...ids])
      .groupBy(['scan_id', 'status'])
      .execute();
    for (const { scan_id, status, count } of rows)
      found.set(scan_id, { ...found.get(scan_id), [status]: Number(count) });
    return found;
  }

  async listTargets(
    tx: Transaction,
    { scanId, change, after, limit }: Parameters<ScanRepository['listTargets']>[1],
  ): Promise<readonly (RecordedTarget & { readonly seq: number })[]> {
    let query = sqlOf(tx)
      .selectFrom('scan_target')
      .selectAll()
      .where('tenant_id', '=', tx.tenantId)
      .where('scan_id', '=', scanId);
    if (change !== undefined) query = query.where('change', '=', change);
    if (after !== null) query = query.where('seq', '>', after);
    return (await query.orderBy('seq').limit(limit).execute()).map(targetOf);
  }

  async listOfAsset(
    tx: Transaction,
    { assetId, before, limit }: Parameters<ScanRepository['listOfAsset']>[1],
  ): Promise<readonly AskedTarget[]> {
    let query = sqlOf(tx)
      .selectFrom('scan_target')
      .selectAll()
      .where('tenant_id', '=', tx.tenantId)
      .where('asset_id', '=', assetId);
    if (before !== null) {
      query = query.where(sql<boolean>`(scan_id, seq) < (${before.scanId}::uuid, ${before.seq}::integer)`);
    }
    const rows = await query.orderBy('scan_id', 'desc').orderBy('seq', 'desc').limit(limit).execute();
    return rows.map((row) => ({ ...targetOf(row), scanId: row.scan_id, recordedAt: row.recorded_at }));
  }
}
