import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor, RequestFacts } from '../../../kernel/actor.ts';
import { CurrentActor, CurrentRequest, Endpoint, Input } from '../../../platform/http/endpoint.ts';
import { CancelInvitation } from './cancel-invitation.ts';
import { InviteUser } from './invite-user.ts';
import { JoinOrganization } from './join-organization.ts';
import { RenewInvitation } from './renew-invitation.ts';

@Controller()
export class InvitationsController {
  readonly #invite: InviteUser;
  readonly #renew: RenewInvitation;
  readonly #cancel: CancelInvitation;
  readonly #join: JoinOrganization;

  constructor(
    @Inject(InviteUser) invite: InviteUser,
    @Inject(RenewInvitation) renew: RenewInvitation,
    @Inject(CancelInvitation) cancel: CancelInvitation,
    @Inject(JoinOrganization) join: JoinOrganization,
  ) {
    this.#invite = invite;
    this.#renew = renew;
    this.#cancel = cancel;
    this.#join = join;
  }

  @Endpoint(routes.inviteUser)
  invite(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.inviteUser>) {
    return this.#invite.execute(actor, input.body);
  }

  @Endpoint(routes.renewInvitation)
  renew(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.renewInvitation>) {
    return this.#renew.execute(actor, input.params.id);
  }

  @Endpoint(routes.cancelInvitation)
  cancel(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.cancelInvitation>) {
    return this.#cancel.execute(actor, input.params.id);
  }

  @Endpoint(routes.join)
  join(@CurrentRequest() request: RequestFacts, @Input() input: RouteInput<typeof routes.join>) {
    return this.#join.join(input.body, request);
  }
}
