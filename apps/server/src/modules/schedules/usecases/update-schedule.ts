import { type ScheduleView, scheduledWorkSchema } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { kernelErrors } from '../../../kernel/errors.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { scheduleErrors } from '../domain/errors.ts';
import { scheduleView } from '../domain/schedule.ts';
import type { NextTime } from '../ports/next-time.ts';
import type { Planner } from '../ports/planner.ts';
import type { ScheduleRepository } from '../ports/schedule-repository.ts';

export interface UpdateScheduleInput {
  readonly id: string;
  readonly expectedVersion: number;
  readonly change: {
    readonly name?: string | undefined;
    readonly cron?: string | undefined;
    readonly timeZone?: string | undefined;
    readonly priority?: number | undefined;
    readonly enabled?: boolean | undefined;
  };
}

/**
 * Changes, pauses or resumes a schedule. Whoever changes when work happens must be allowed to ask for it; pausing takes
 * `schedule.update` alone. Its next time is counted from now. Throws `SCHEDULES_*` or `REQUEST_ETAG_MISMATCH`.
 */
export class UpdateSchedule {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #schedules: ScheduleRepository;
  readonly #planner: Planner;
  readonly #nextTime: NextTime;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    schedules: ScheduleRepository;
    planner: Planner;
    nextTime: NextTime;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#schedules = options.schedules;
    this.#planner = options.planner;
    this.#nextTime = options.nextTime;
  }

  async execute(actor: Actor, { id, expectedVersion, change }: UpdateScheduleInput): Promise<ScheduleView> {
    await this.#authorize(actor, 'schedule.update', { type: 'schedule', id });
    const resource = { type: 'schedule', id };
    if (Object.keys(change).some((name) => name !== 'enabled') || change.enabled === true) {
      const stored = await this.#uow.read(actor.tenantId, (tx) => this.#schedules.find(tx, id));
      if (stored === null) throw scheduleErrors.SCHEDULES_NOT_FOUND();
      const work = scheduledWorkSchema.safeParse(stored.work);
      if (!work.success) throw scheduleErrors.SCHEDULES_WORK_INVALID({ cause: work.error });
      await this.#authorize(actor, this.#planner.permissionFor(work.data), resource);
    }
    return this.#uow.write(actor, async (tx) => {
      const before = await this.#schedules.findForUpdate(tx, id);
      if (before === null) throw scheduleErrors.SCHEDULES_NOT_FOUND();
      if (before.version !== expectedVersion) throw kernelErrors.REQUEST_ETAG_MISMATCH();
      const name = change.name ?? before.name;
      const cron = change.cron ?? before.cron;
      const timeZone = change.timeZone ?? before.timeZone;
      const priority = change.priority ?? before.priority;
      const next = this.#nextTime(cron, timeZone, await this.#schedules.now(tx));
      const isMoved = cron !== before.cron || timeZone !== before.timeZone || !before.enabled;
      const nextRunAt = (change.enabled ?? before.enabled) ? (isMoved ? next : before.nextRunAt) : null;
      const after = await this.#schedules.change(tx, id, { name, cron, timeZone, priority, nextRunAt });
      if (after === null) throw scheduleErrors.SCHEDULES_EXISTS();
      await tx.audit({
        action: 'schedule.updated',
        resource,
        details: {
          kind: after.kind,
          cron,
          timeZone,
          priority,
          enabled: after.enabled,
          nameChanged: name !== before.name,
          version: after.version,
        },
      });
      return scheduleView(after);
    });
  }
}
