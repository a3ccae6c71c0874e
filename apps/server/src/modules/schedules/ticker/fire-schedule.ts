import { type ScheduledWork, scheduledWorkSchema } from '@quantumvault/api';
import { AppError } from '../../../kernel/app-error.ts';
import { type ActorId, idFrom, type TenantId } from '../../../kernel/ids.ts';
import { systemActor } from '../../../kernel/system-actor.ts';
import type { UnitOfWork, WriteTransaction } from '../../../kernel/unit-of-work.ts';
import type { MayNow } from '../../access/index.ts';
import type { EnqueueJob, NewJob } from '../../jobs/index.ts';
import { scheduleErrors } from '../domain/errors.ts';
import type { Schedule } from '../domain/schedule.ts';
import type { NextTime } from '../ports/next-time.ts';
import type { Planner } from '../ports/planner.ts';
import type { DueSchedule, ScheduleRepository } from '../ports/schedule-repository.ts';

export interface FireScheduleOptions {
  readonly uow: UnitOfWork;
  readonly schedules: ScheduleRepository;
  readonly enqueue: EnqueueJob;
  readonly planner: Planner;
  readonly nextTime: NextTime;
  readonly mayNow: MayNow;
}

export type Fired = 'job' | 'skipped' | 'disabled' | 'not-due';

/** Nothing was due: the transaction has changed nothing and states nothing. */
class NotDue extends Error {}

// Whoever asks again gets the same answer, so the schedule waits for a person.
const finalKinds: ReadonlySet<string> = new Set(['invalid', 'forbidden', 'not-found', 'unprocessable', 'conflict']);

/** Where the work takes place: at its asset, in its environment, or in the whole organization. */
function resourceOf(work: ScheduledWork): { readonly type: string; readonly id: string } {
  if (work.kind === 'protect-asset') return { type: 'asset', id: work.assetId };
  return { type: 'environment', id: work.environmentId ?? '' };
}

/**
 * Asks for the job of a schedule that is due (INV-9): once for each time, since the schedule is locked, looked at again
 * under the lock, and moved to its next time in the transaction that makes the job. Times that passed while nobody was
 * there are one time: the job is made once, and the next one lies ahead of now.
 */
export class FireSchedule {
  readonly #options: FireScheduleOptions;
  constructor(options: FireScheduleOptions) {
    this.#options = options;
  }

  async fire(due: { readonly id: string; readonly tenantId: TenantId }): Promise<Fired> {
    const { uow, schedules } = this.#options;
    try {
      return await uow.write(systemActor(due.tenantId), async (tx) => {
        const held = await schedules.holdDue(tx, due.id);
        if (held === null) throw new NotDue();
        return this.#fire(tx, held);
      });
    } catch (error) {
      if (error instanceof NotDue) return 'not-due';
      throw error;
    }
  }

  async #fire(tx: WriteTransaction, { schedule, dueAt, isBusy }: DueSchedule): Promise<Fired> {
    const { schedules, enqueue, nextTime } = this.#options;
    const resource = { type: 'schedule', id: schedule.id };
    const details = { kind: schedule.kind, dueAt: dueAt.toISOString() };
    try {
      const nextRunAt = nextTime(schedule.cron, schedule.timeZone, await schedules.now(tx));
      if (isBusy) {
        await schedules.advance(tx, schedule.id, { nextRunAt, jobId: null });
        await tx.audit({ action: 'schedule.skipped', resource, reason: { code: 'LAST_JOB_NOT_ENDED' }, details });
        return 'skipped';
      }
      const planned = await this.#plan(tx, schedule);
      const job = await enqueue(tx, systemActor(tx.tenantId), {
        ...planned,
        priority: schedule.priority,
        requestedBy: schedule.createdBy,
        scheduled: { scheduleId: schedule.id, dueAt },
      });
      await schedules.advance(tx, schedule.id, { nextRunAt, jobId: job.id });
      return 'job';
    } catch (error) {
      if (!(error instanceof AppError) || !finalKinds.has(error.kind)) throw error;
      await schedules.disable(tx, schedule.id, error.code);
      await tx.audit({
        action: 'schedule.disabled',
        resource,
        outcome: 'failed',
        reason: { code: error.code },
        details,
      });
      return 'disabled';
    }
  }

  /** As if who created it asked now: whoever has lost the permission asks for nothing through a schedule either. */
  async #plan(tx: WriteTransaction, schedule: Schedule): Promise<NewJob> {
    const { planner, mayNow } = this.#options;
    const parsed = scheduledWorkSchema.safeParse(schedule.work);
    if (!parsed.success) throw scheduleErrors.SCHEDULES_WORK_INVALID({ cause: parsed.error });
    const work: ScheduledWork = parsed.data;
    const subjectId = idFrom<ActorId>(schedule.createdBy);
    // Nobody asks at this moment: conditions on an address or a device are not met by the clock.
    if (!(await mayNow(tx, { subjectId, action: planner.permissionFor(work), resource: resourceOf(work) })))
      throw scheduleErrors.SCHEDULES_REQUESTER_GONE();
    return planner.plan(tx, work);
  }
}
