import type { ScheduleView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import { decodeCursor, type Page, pageOf } from '../../../kernel/page.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { scheduleErrors } from '../domain/errors.ts';
import { scheduleView } from '../domain/schedule.ts';
import type { ScheduleRepository } from '../ports/schedule-repository.ts';

interface Options {
  readonly authorize: Authorize;
  readonly uow: UnitOfWork;
  readonly schedules: ScheduleRepository;
}

/** Schedules of the actor's organization, newest first. */
export class ListSchedules {
  readonly #authorize: Authorize;
  readonly #options: Options;
  constructor(options: Options) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(
    actor: Actor,
    query: { readonly limit: number; readonly cursor?: string | undefined },
  ): Promise<Page<ScheduleView>> {
    await this.#authorize(actor, 'schedule.read', { type: 'organization', id: actor.tenantId });
    const { uow, schedules } = this.#options;
    const before = query.cursor === undefined ? null : String(decodeCursor(query.cursor, ['uuid'])[0]);
    const found = await uow.read(actor.tenantId, (tx) => schedules.list(tx, { before, limit: query.limit + 1 }));
    return pageOf(found.map(scheduleView), query.limit, ({ id }) => [id]);
  }
}

/** One schedule of the actor's organization. Throws `SCHEDULES_NOT_FOUND`. */
export class GetSchedule {
  readonly #authorize: Authorize;
  readonly #options: Options;
  constructor(options: Options) {
    this.#authorize = options.authorize;
    this.#options = options;
  }

  async execute(actor: Actor, id: string): Promise<ScheduleView> {
    await this.#authorize(actor, 'schedule.read', { type: 'schedule', id });
    const found = await this.#options.uow.read(actor.tenantId, (tx) => this.#options.schedules.find(tx, id));
    if (found === null) throw scheduleErrors.SCHEDULES_NOT_FOUND();
    return scheduleView(found);
  }
}
