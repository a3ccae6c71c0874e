import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, ExpectedVersion, Input } from '../../../platform/http/endpoint.ts';
import { CreateSchedule } from '../usecases/create-schedule.ts';
import { DeleteSchedule } from '../usecases/delete-schedule.ts';
import { GetSchedule, ListSchedules } from '../usecases/read-schedules.ts';
import { UpdateSchedule } from '../usecases/update-schedule.ts';

@Controller()
export class SchedulesController {
  readonly #listSchedules: ListSchedules;
  readonly #getSchedule: GetSchedule;
  readonly #createSchedule: CreateSchedule;
  readonly #updateSchedule: UpdateSchedule;
  readonly #deleteSchedule: DeleteSchedule;
  constructor(
    @Inject(ListSchedules) listSchedules: ListSchedules,
    @Inject(GetSchedule) getSchedule: GetSchedule,
    @Inject(CreateSchedule) createSchedule: CreateSchedule,
    @Inject(UpdateSchedule) updateSchedule: UpdateSchedule,
    @Inject(DeleteSchedule) deleteSchedule: DeleteSchedule,
  ) {
    this.#listSchedules = listSchedules;
    this.#getSchedule = getSchedule;
    this.#createSchedule = createSchedule;
    this.#updateSchedule = updateSchedule;
    this.#deleteSchedule = deleteSchedule;
  }

  @Endpoint(routes.listSchedules)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listSchedules>) {
    return this.#listSchedules.execute(actor, input.query);
  }

  @Endpoint(routes.getSchedule)
  get(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getSchedule>) {
    return this.#getSchedule.execute(actor, input.params.id);
  }

  @Endpoint(routes.createSchedule)
  create(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.createSchedule>) {
    return this.#createSchedule.execute(actor, input.body);
  }

  @Endpoint(routes.updateSchedule)
  update(
    @CurrentActor() actor: Actor,
    @Input() input: RouteInput<typeof routes.updateSchedule>,
    @ExpectedVersion() expectedVersion: number,
  ) {
    return this.#updateSchedule.execute(actor, { id: input.params.id, expectedVersion, change: input.body });
  }

  @Endpoint(routes.deleteSchedule)
  delete(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.deleteSchedule>) {
    return this.#deleteSchedule.execute(actor, input.params.id);
  }
}
