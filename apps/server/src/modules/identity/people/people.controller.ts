import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, Input } from '../../../platform/http/endpoint.ts';
import { GetOffboarding } from '../offboarding/get-offboarding.ts';
import { OffboardUser } from '../offboarding/offboard-user.ts';
import { GetUser } from './get-user.ts';
import { ListUsers } from './list-users.ts';
import { RenameSelf } from './rename-self.ts';
import { ResumeUser } from './resume-user.ts';
import { SuspendUser } from './suspend-user.ts';

@Controller()
export class PeopleController {
  readonly #listUsers: ListUsers;
  readonly #getUser: GetUser;
  readonly #suspendUser: SuspendUser;
  readonly #resumeUser: ResumeUser;
  readonly #renameSelf: RenameSelf;

  constructor(
    @Inject(ListUsers) listUsers: ListUsers,
    @Inject(GetUser) getUser: GetUser,
    @Inject(SuspendUser) suspendUser: SuspendUser,
    @Inject(ResumeUser) resumeUser: ResumeUser,
    @Inject(RenameSelf) renameSelf: RenameSelf,
  ) {
    this.#listUsers = listUsers;
    this.#getUser = getUser;
    this.#suspendUser = suspendUser;
    this.#resumeUser = resumeUser;
    this.#renameSelf = renameSelf;
  }

  @Endpoint(routes.listUsers)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listUsers>) {
    return this.#listUsers.execute(actor, input.query);
  }

  @Endpoint(routes.getUser)
  get(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getUser>) {
    return this.#getUser.execute(actor, input.params.id);
  }

  @Endpoint(routes.suspendUser)
  suspend(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.suspendUser>) {
    return this.#suspendUser.execute(actor, { id: input.params.id, ...input.body });
  }

  @Endpoint(routes.resumeUser)
  resume(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.resumeUser>) {
    return this.#resumeUser.execute(actor, { id: input.params.id, ...input.body });
  }

  @Endpoint(routes.renameSelf)
  renameSelf(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.renameSelf>) {
    return this.#renameSelf.execute(actor, input.body.displayName);
  }
}

@Controller()
export class OffboardingController {
  readonly #offboardUser: OffboardUser;
  readonly #getOffboarding: GetOffboarding;

  constructor(
    @Inject(OffboardUser) offboardUser: OffboardUser,
    @Inject(GetOffboarding) getOffboarding: GetOffboarding,
  ) {
    this.#offboardUser = offboardUser;
    this.#getOffboarding = getOffboarding;
  }

  @Endpoint(routes.offboardUser)
  offboard(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.offboardUser>) {
    return this.#offboardUser.execute(actor, { id: input.params.id, ...input.body });
  }

  @Endpoint(routes.getOffboarding)
  report(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getOffboarding>) {
    return this.#getOffboarding.execute(actor, input.params.id);
  }
}
