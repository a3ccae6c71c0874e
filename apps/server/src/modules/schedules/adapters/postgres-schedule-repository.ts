import { sql } from 'kysely';
import { idFrom, type TenantId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { Row, Sql } from '../../../platform/postgres/schema.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { Schedule } from '../domain/schedule.ts';
import type { DueSchedule, DueSchedules, NewSchedule, ScheduleRepository } from '../ports/schedule-repository.ts';

function scheduleOf(row: Row<'job_schedule'>): Schedule {
  return {
    id: row.id,
    name: row.name,
    work: row.input,
    kind: row.kind,
    cron: row.cron,
    timeZone: row.time_zone,
    priority: row.priority,
    enabled: row.enabled,
    disabledReason: row.disabled_reason,
    nextRunAt: row.next_run_at,
    lastRunAt: row.last_run_at,
    lastJobId: row.last_job_id,
    createdBy: idFrom(row.created_by),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
  };
}

export class PostgresScheduleRepository implements ScheduleRepository {
  async now(tx: Transaction): Promise<Date> {
    const { rows } = await sql<{ now: Date }>`SELECT now() AS now`.execute(sqlOf(tx));
    const [row] = rows;
    if (row === undefined) throw new Error('the database did not tell the time');
    return row.now;
  }

  async count(tx: Transaction): Promise<number> {
    // One at a time for each tenant, or two requests at once would both see room for one.
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('job_schedule ' || ${tx.tenantId}, 0))`.execute(sqlOf(tx));
    const row = await sqlOf(tx)
      .selectFrom('job_schedule')
      .select((builder) => builder.fn.countAll<bigint>().as('count'))
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  async insert(tx: Transaction, schedule: NewSchedule): Promise<Schedule | null> {
    const row = await sqlOf(tx)
      .insertInto('job_schedule')
      .values({
        id: schedule.id,
        tenant_id: tx.tenantId,
        name: schedule.name,
        kind: schedule.kind,
        input: JSON.stringify(schedule.work),
        cron: schedule.cron,
        time_zone: schedule.timeZone,
        priority: schedule.priority,
        enabled: schedule.nextRunAt !== null,
        next_run_at: schedule.nextRunAt,
        created_by: schedule.createdBy,
      })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doNothing())
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? null : scheduleOf(row);
  }

  async find(tx: Transaction, id: string): Promise<Schedule | null> {
    const row = await sqlOf(tx).selectFrom('job_schedule').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : scheduleOf(row);
  }

  async findForUpdate(tx: Transaction, id: string): Promise<Schedule | null> {
    const query = sqlOf(tx).selectFrom('job_schedule').selectAll().where('id', '=', id).forUpdate();
    const row = await query.executeTakeFirst();
    return row === undefined ? null : scheduleOf(row);
  }

  async list(tx: Transaction, page: { before: string | null; limit: number }): Promise<readonly Schedule[]> {
    let query = sqlOf(tx).selectFrom('job_schedule').selectAll().where('tenant_id', '=', tx.tenantId);
    if (page.before !== null) query = query.where('id', '<', page.before);
    return (await query.orderBy('id', 'desc').limit(page.limit).execute()).map(scheduleOf);
  }

  async change(
    tx: Transaction,
    id: string,
    next: Parameters<ScheduleRepository['change']>[2],
  ): Promise<Schedule | null> {
    const row = await sqlOf(tx)
      .updateTable('job_schedule')
      .set({
        name: next.name,
        cron: next.cron,
        time_zone: next.timeZone,
        priority: next.priority,
        enabled: next.nextRunAt !== null,
        disabled_reason: null,
        next_run_at: next.nextRunAt,
        updated_at: sql`now()`,
        version: sql`version + 1`,
      })
      .where('id', '=', id)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('job_schedule as other')
              .select('other.id')
              .where('other.tenant_id', '=', tx.tenantId)
              .where('other.name', '=', next.name)
              .where('other.id', '<>', id),
          ),
        ),
      )
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? null : scheduleOf(row);
  }

  async delete(tx: Transaction, id: string): Promise<void> {
    await sqlOf(tx).deleteFrom('job_schedule').where('id', '=', id).execute();
  }

  async holdDue(tx: Transaction, id: string): Promise<DueSchedule | null> {
    const row = await sqlOf(tx)
      .selectFrom('job_schedule')
      .selectAll()
      .select(({ exists, selectFrom }) =>
        exists(
          selectFrom('job')
            .select('job.id')
            .whereRef('job.tenant_id', '=', 'job_schedule.tenant_id')
            .whereRef('job.id', '=', 'job_schedule.last_job_id')
            .where('job.status', 'in', ['pending', 'running']),
        ).as('is_busy'),
      )
      .where('id', '=', id)
      .where('enabled', '=', true)
      .where('next_run_at', '<=', sql<Date>`now()`)
      .forUpdate('job_schedule')
      .skipLocked()
      .executeTakeFirst();
    if (row === undefined || row.next_run_at === null) return null;
    return { schedule: scheduleOf(row), dueAt: row.next_run_at, isBusy: Boolean(row.is_busy) };
  }

  async advance(tx: Transaction, id: string, next: { nextRunAt: Date; jobId: string | null }): Promise<void> {
    await sqlOf(tx)
      .updateTable('job_schedule')
      .set({
        next_run_at: next.nextRunAt,
        ...(next.jobId === null ? {} : { last_run_at: sql<Date>`now()`, last_job_id: next.jobId }),
      })
      .where('id', '=', id)
      .execute();
  }

  async disable(tx: Transaction, id: string, reason: string): Promise<void> {
    await sqlOf(tx)
      .updateTable('job_schedule')
      .set({
        enabled: false,
        disabled_reason: reason,
        next_run_at: null,
        updated_at: sql`now()`,
        version: sql`version + 1`,
      })
      .where('id', '=', id)
      .execute();
  }
}

/** Works as `qv_worker`, who sees of each tenant only which schedules are due. */
export class PostgresDueSchedules implements DueSchedules {
  readonly #db: Sql;
  constructor(db: Sql) {
    this.#db = db;
  }

  async list(limit: number) {
    const rows = await this.#db
      .selectFrom('job_schedule')
      .select(['id', 'tenant_id'])
      .where('enabled', '=', true)
      .where('next_run_at', '<=', sql<Date>`now()`)
      .orderBy('next_run_at')
      .limit(limit)
      .execute();
    return rows.map((row) => ({ id: row.id, tenantId: idFrom<TenantId>(row.tenant_id) }));
  }
}
