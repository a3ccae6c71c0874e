import type { ScheduledWork, ScheduleView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { NewId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { scheduleErrors } from '../domain/errors.ts';
import { schedulesMax, scheduleView } from '../domain/schedule.ts';
import type { NextTime } from '../ports/next-time.ts';
import type { Planner } from '../ports/planner.ts';
import type { ScheduleRepository } from '../ports/schedule-repository.ts';

export interface CreateScheduleInput {
  readonly name: string;
  readonly work: ScheduledWork;
  readonly cron: string;
  readonly timeZone: string;
  readonly priority: number;
  readonly enabled: boolean;
}

export interface CreateScheduleOptions {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly schedules: ScheduleRepository;
  readonly planner: Planner;
  readonly nextTime: NextTime;
  readonly newId: NewId;
}

/**
 * Creates a schedule for work that the actor may ask for itself. The work is planned once and the plan thrown away, so
 * that what would be refused then is refused now. Throws `SCHEDULES_*` and what asking for the work once throws.
 */
export class CreateSchedule {
  readonly #authorize: Authorize;
  readonly #options: CreateScheduleOptions;
  constructor(options: CreateScheduleOptions) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, input: CreateScheduleInput): Promise<ScheduleView> {
    await this.#authorize(actor, 'schedule.create', { type: 'organization', id: actor.tenantId });
    const { uow, schedules, planner, nextTime, newId } = this.#options;
    const permission = planner.permissionFor(input.work);
    await this.#authorize(actor, permission, { type: 'organization', id: actor.tenantId });
    return uow.write(actor, async (tx) => {
      if ((await schedules.count(tx)) >= schedulesMax) throw scheduleErrors.SCHEDULES_TOO_MANY();
      const first = nextTime(input.cron, input.timeZone, await schedules.now(tx));
      await planner.plan(tx, input.work);
      const { name, work, cron, timeZone, priority } = input;
      const stored = await schedules.insert(tx, {
        id: newId<string>(),
        name,
        work,
        kind: work.kind,
        cron,
        timeZone,
        priority,
        nextRunAt: input.enabled ? first : null,
        createdBy: actor.id,
      });
      if (stored === null) throw scheduleErrors.SCHEDULES_EXISTS();
      await tx.audit({
        action: 'schedule.created',
        resource: { type: 'schedule', id: stored.id },
        details: { kind: work.kind, cron, timeZone, priority, enabled: stored.enabled },
      });
      return scheduleView(stored);
    });
  }
}
