import type { ActorId, TenantId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { Schedule } from '../domain/schedule.ts';

export interface NewSchedule
  extends Pick<Schedule, 'id' | 'name' | 'work' | 'kind' | 'cron' | 'timeZone' | 'priority' | 'nextRunAt'> {
  readonly createdBy: ActorId;
}

export interface DueSchedule {
  readonly schedule: Schedule;
  /** The time that it is due for. */
  readonly dueAt: Date;
  /** Its last job is pending or runs. */
  readonly isBusy: boolean;
}

/** Schedules of the transaction's tenant. All times are the database's. */
export interface ScheduleRepository {
  now(tx: Transaction): Promise<Date>;
  count(tx: Transaction): Promise<number>;
  /** Null when the name is taken. */
  insert(tx: Transaction, schedule: NewSchedule): Promise<Schedule | null>;
  find(tx: Transaction, id: string): Promise<Schedule | null>;
  findForUpdate(tx: Transaction, id: string): Promise<Schedule | null>;
  list(tx: Transaction, page: { readonly before: string | null; readonly limit: number }): Promise<readonly Schedule[]>;
  /** Null when the name is taken. */
  change(
    tx: Transaction,
    id: string,
    next: Pick<Schedule, 'name' | 'cron' | 'timeZone' | 'priority' | 'nextRunAt'>,
  ): Promise<Schedule | null>;
  delete(tx: Transaction, id: string): Promise<void>;

  /** Locks a schedule that is due until the transaction ends; null when it is not due or another worker has it. */
  holdDue(tx: Transaction, id: string): Promise<DueSchedule | null>;
  /** To the next time; `jobId` is null when this one was skipped. */
  advance(
    tx: Transaction,
    id: string,
    next: { readonly nextRunAt: Date; readonly jobId: string | null },
  ): Promise<void>;
  disable(tx: Transaction, id: string, reason: string): Promise<void>;
}

/** The worker's side, over all tenants and without any content. */
export interface DueSchedules {
  list(limit: number): Promise<readonly { readonly id: string; readonly tenantId: TenantId }[]>;
}
