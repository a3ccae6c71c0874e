import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, ExpectedVersion, Input } from '../../../platform/http/endpoint.ts';
import { CreateGrant } from '../usecases/create-grant.ts';
import { CreateRole } from '../usecases/create-role.ts';
import { DeleteRole } from '../usecases/delete-role.ts';
import { ExplainAccess } from '../usecases/explain-access.ts';
import { GetGrant, ListGrants } from '../usecases/read-grants.ts';
import { GetRole, ListRoles } from '../usecases/read-roles.ts';
import { RevokeGrant } from '../usecases/revoke-grant.ts';
import { UpdateRole } from '../usecases/update-role.ts';

@Controller()
export class ExplainController {
  readonly #explain: ExplainAccess;
  constructor(@Inject(ExplainAccess) explain: ExplainAccess) {
    this.#explain = explain;
  }

  @Endpoint(routes.explainAccess)
  explain(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.explainAccess>) {
    return this.#explain.execute(actor, input.body);
  }
}

@Controller()
export class RolesController {
  readonly #list: ListRoles;
  readonly #get: GetRole;
  readonly #create: CreateRole;
  readonly #update: UpdateRole;
  readonly #delete: DeleteRole;
  constructor(
    @Inject(ListRoles) list: ListRoles,
    @Inject(GetRole) get: GetRole,
    @Inject(CreateRole) create: CreateRole,
    @Inject(UpdateRole) update: UpdateRole,
    @Inject(DeleteRole) remove: DeleteRole,
  ) {
    this.#list = list;
    this.#get = get;
    this.#create = create;
    this.#update = update;
    this.#delete = remove;
  }

  @Endpoint(routes.listRoles)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listRoles>) {
    return this.#list.execute(actor, input.query);
  }

  @Endpoint(routes.getRole)
  get(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getRole>) {
    return this.#get.execute(actor, input.params.id);
  }

  @Endpoint(routes.createRole)
  create(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.createRole>) {
    return this.#create.execute(actor, input.body);
  }

  @Endpoint(routes.updateRole)
  update(
    @CurrentActor() actor: Actor,
    @Input() input: RouteInput<typeof routes.updateRole>,
    @ExpectedVersion() expectedVersion: number,
  ) {
    return this.#update.execute(actor, { id: input.params.id, expectedVersion, change: input.body });
  }

  @Endpoint(routes.deleteRole)
  delete(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.deleteRole>) {
    return this.#delete.execute(actor, input.params.id);
  }
}

@Controller()
export class GrantsController {
  readonly #list: ListGrants;
  readonly #get: GetGrant;
  readonly #create: CreateGrant;
  readonly #revoke: RevokeGrant;
  constructor(
    @Inject(ListGrants) list: ListGrants,
    @Inject(GetGrant) get: GetGrant,
    @Inject(CreateGrant) create: CreateGrant,
    @Inject(RevokeGrant) revoke: RevokeGrant,
  ) {
    this.#list = list;
    this.#get = get;
    this.#create = create;
    this.#revoke = revoke;
  }

  @Endpoint(routes.listGrants)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listGrants>) {
    return this.#list.execute(actor, input.query);
  }

  @Endpoint(routes.getGrant)
  get(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getGrant>) {
    return this.#get.execute(actor, input.params.id);
  }

  @Endpoint(routes.createGrant)
  create(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.createGrant>) {
    return this.#create.execute(actor, input.body);
  }

  @Endpoint(routes.revokeGrant)
  revoke(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.revokeGrant>) {
    return this.#revoke.execute(actor, input.params.id);
  }
}
