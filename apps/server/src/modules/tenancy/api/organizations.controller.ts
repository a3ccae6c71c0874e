import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, ExpectedVersion, Input } from '../../../platform/http/endpoint.ts';
import { CreateOrganization } from '../usecases/create-organization.ts';
import { GetOrganization, ListOrganizations } from '../usecases/read-organizations.ts';
import { RenameOrganization } from '../usecases/rename-organization.ts';
import { ResumeOrganization, SuspendOrganization } from '../usecases/suspend-organization.ts';

@Controller()
export class OrganizationsController {
  readonly #list: ListOrganizations;
  readonly #get: GetOrganization;
  readonly #create: CreateOrganization;
  readonly #rename: RenameOrganization;
  readonly #suspend: SuspendOrganization;
  readonly #resume: ResumeOrganization;
  constructor(
    @Inject(ListOrganizations) list: ListOrganizations,
    @Inject(GetOrganization) get: GetOrganization,
    @Inject(CreateOrganization) create: CreateOrganization,
    @Inject(RenameOrganization) rename: RenameOrganization,
    @Inject(SuspendOrganization) suspend: SuspendOrganization,
    @Inject(ResumeOrganization) resume: ResumeOrganization,
  ) {
    this.#list = list;
    this.#get = get;
    this.#create = create;
    this.#rename = rename;
    this.#suspend = suspend;
    this.#resume = resume;
  }

  @Endpoint(routes.listOrganizations)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listOrganizations>) {
    return this.#list.execute(actor, input.query);
  }

  @Endpoint(routes.getOrganization)
  get(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getOrganization>) {
    return this.#get.execute(actor, input.params.id);
  }

  @Endpoint(routes.createOrganization)
  create(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.createOrganization>) {
    return this.#create.execute(actor, input.body);
  }

  @Endpoint(routes.renameOrganization)
  rename(
    @CurrentActor() actor: Actor,
    @Input() input: RouteInput<typeof routes.renameOrganization>,
    @ExpectedVersion() expectedVersion: number,
  ) {
    return this.#rename.execute(actor, { id: input.params.id, expectedVersion }, input.body);
  }

  @Endpoint(routes.suspendOrganization)
  suspend(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.suspendOrganization>) {
    return this.#suspend.execute(actor, input.params.id);
  }

  @Endpoint(routes.resumeOrganization)
  resume(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.resumeOrganization>) {
    return this.#resume.execute(actor, input.params.id);
  }
}
