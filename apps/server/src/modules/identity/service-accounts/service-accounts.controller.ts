import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, ExpectedVersion, Input } from '../../../platform/http/endpoint.ts';
import { CreateServiceAccount, DeleteServiceAccount, UpdateServiceAccount } from './change-service-accounts.ts';
import { GetServiceAccount, ListServiceAccounts } from './read-service-accounts.ts';

@Controller()
export class ServiceAccountsController {
  readonly #list: ListServiceAccounts;
  readonly #get: GetServiceAccount;
  readonly #create: CreateServiceAccount;
  readonly #update: UpdateServiceAccount;
  readonly #delete: DeleteServiceAccount;

  constructor(
    @Inject(ListServiceAccounts) list: ListServiceAccounts,
    @Inject(GetServiceAccount) get: GetServiceAccount,
    @Inject(CreateServiceAccount) create: CreateServiceAccount,
    @Inject(UpdateServiceAccount) update: UpdateServiceAccount,
    @Inject(DeleteServiceAccount) remove: DeleteServiceAccount,
  ) {
    this.#list = list;
    this.#get = get;
    this.#create = create;
    this.#update = update;
    this.#delete = remove;
  }

  @Endpoint(routes.listServiceAccounts)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listServiceAccounts>) {
    return this.#list.execute(actor, input.query);
  }

  @Endpoint(routes.createServiceAccount)
  create(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.createServiceAccount>) {
    return this.#create.execute(actor, input.body);
  }

  @Endpoint(routes.getServiceAccount)
  get(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getServiceAccount>) {
    return this.#get.execute(actor, input.params.id);
  }

  @Endpoint(routes.updateServiceAccount)
  update(
    @CurrentActor() actor: Actor,
    @Input() input: RouteInput<typeof routes.updateServiceAccount>,
    @ExpectedVersion() expectedVersion: number,
  ) {
    return this.#update.execute(actor, { id: input.params.id, expectedVersion, change: input.body });
  }

  @Endpoint(routes.deleteServiceAccount)
  delete(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.deleteServiceAccount>) {
    return this.#delete.execute(actor, input.params.id);
  }
}
