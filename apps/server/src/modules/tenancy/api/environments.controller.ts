import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, ExpectedVersion, Input } from '../../../platform/http/endpoint.ts';
import { ChangeEnvironment, CreateEnvironment, DeleteEnvironment } from '../usecases/change-environments.ts';
import { GetEnvironment, ListEnvironments } from '../usecases/read-environments.ts';

@Controller()
export class EnvironmentsController {
  readonly #list: ListEnvironments;
  readonly #get: GetEnvironment;
  readonly #create: CreateEnvironment;
  readonly #change: ChangeEnvironment;
  readonly #delete: DeleteEnvironment;
  constructor(
    @Inject(ListEnvironments) list: ListEnvironments,
    @Inject(GetEnvironment) get: GetEnvironment,
    @Inject(CreateEnvironment) create: CreateEnvironment,
    @Inject(ChangeEnvironment) change: ChangeEnvironment,
    @Inject(DeleteEnvironment) remove: DeleteEnvironment,
  ) {
    this.#list = list;
    this.#get = get;
    this.#create = create;
    this.#change = change;
    this.#delete = remove;
  }

  @Endpoint(routes.listEnvironments)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listEnvironments>) {
    return this.#list.execute(actor, input.query);
  }

  @Endpoint(routes.getEnvironment)
  get(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getEnvironment>) {
    return this.#get.execute(actor, input.params.id);
  }

  @Endpoint(routes.createEnvironment)
  create(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.createEnvironment>) {
    return this.#create.execute(actor, input.body);
  }

  @Endpoint(routes.changeEnvironment)
  change(
    @CurrentActor() actor: Actor,
    @Input() input: RouteInput<typeof routes.changeEnvironment>,
    @ExpectedVersion() expectedVersion: number,
  ) {
    return this.#change.execute(actor, { id: input.params.id, expectedVersion }, input.body);
  }

  @Endpoint(routes.deleteEnvironment)
  delete(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.deleteEnvironment>) {
    return this.#delete.execute(actor, input.params.id);
  }
}
