import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, ExpectedVersion, Input } from '../../../platform/http/endpoint.ts';
import { CreateService, DeleteService, RenameService } from '../usecases/change-services.ts';
import { GetService, ListServices } from '../usecases/read-services.ts';

@Controller()
export class ServicesController {
  readonly #list: ListServices;
  readonly #get: GetService;
  readonly #create: CreateService;
  readonly #rename: RenameService;
  readonly #delete: DeleteService;
  constructor(
    @Inject(ListServices) list: ListServices,
    @Inject(GetService) get: GetService,
    @Inject(CreateService) create: CreateService,
    @Inject(RenameService) rename: RenameService,
    @Inject(DeleteService) remove: DeleteService,
  ) {
    this.#list = list;
    this.#get = get;
    this.#create = create;
    this.#rename = rename;
    this.#delete = remove;
  }

  @Endpoint(routes.listServices)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listServices>) {
    return this.#list.execute(actor, input.query);
  }

  @Endpoint(routes.getService)
  get(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getService>) {
    return this.#get.execute(actor, input.params.id);
  }

  @Endpoint(routes.createService)
  create(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.createService>) {
    return this.#create.execute(actor, input.body);
  }

  @Endpoint(routes.renameService)
  rename(
    @CurrentActor() actor: Actor,
    @Input() input: RouteInput<typeof routes.renameService>,
    @ExpectedVersion() expectedVersion: number,
  ) {
    return this.#rename.execute(actor, { id: input.params.id, expectedVersion }, input.body);
  }

  @Endpoint(routes.deleteService)
  delete(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.deleteService>) {
    return this.#delete.execute(actor, input.params.id);
  }
}
