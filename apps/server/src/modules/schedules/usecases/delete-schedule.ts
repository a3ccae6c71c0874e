import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { scheduleErrors } from '../domain/errors.ts';
import type { ScheduleRepository } from '../ports/schedule-repository.ts';

/** Deletes a schedule; jobs that it has asked for stay and go on. Throws `SCHEDULES_NOT_FOUND`. */
export class DeleteSchedule {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #schedules: ScheduleRepository;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; schedules: ScheduleRepository }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#schedules = options.schedules;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#authorize(actor, 'schedule.delete', { type: 'schedule', id });
    await this.#uow.write(actor, async (tx) => {
      const schedule = await this.#schedules.findForUpdate(tx, id);
      if (schedule === null) throw scheduleErrors.SCHEDULES_NOT_FOUND();
      await this.#schedules.delete(tx, id);
      await tx.audit({
        action: 'schedule.deleted',
        resource: { type: 'schedule', id },
        details: { kind: schedule.kind, version: schedule.version },
      });
    });
  }
}
