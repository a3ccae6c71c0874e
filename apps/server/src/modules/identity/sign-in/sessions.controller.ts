import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, type RouteOutput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { ActorId } from '../../../kernel/ids.ts';
import { CurrentActor, Endpoint, ExpectedVersion, Input } from '../../../platform/http/endpoint.ts';
import { GetSecuritySettings } from '../security/get-security-settings.ts';
import { UpdateSecuritySettings } from '../security/update-security-settings.ts';
import { ListSessions } from '../sessions/usecases/list-sessions.ts';
import { ListUserSessions } from '../sessions/usecases/list-user-sessions.ts';
import { RevokeOtherSessions } from '../sessions/usecases/revoke-other-sessions.ts';
import { RevokeSession } from '../sessions/usecases/revoke-session.ts';
import { RevokeUserSessions } from '../sessions/usecases/revoke-user-sessions.ts';
import { UnlockSignIn } from './unlock-sign-in.ts';

/** Sessions that there are, and the settings that they follow. */
@Controller()
export class SessionsController {
  readonly #list: ListSessions;
  readonly #listOfUser: ListUserSessions;
  readonly #revoke: RevokeSession;
  readonly #revokeOthers: RevokeOtherSessions;
  readonly #revokeOfUser: RevokeUserSessions;
  readonly #unlock: UnlockSignIn;
  readonly #settings: GetSecuritySettings;
  readonly #update: UpdateSecuritySettings;

  constructor(
    @Inject(ListSessions) list: ListSessions,
    @Inject(ListUserSessions) listOfUser: ListUserSessions,
    @Inject(RevokeSession) revoke: RevokeSession,
    @Inject(RevokeOtherSessions) revokeOthers: RevokeOtherSessions,
    @Inject(RevokeUserSessions) revokeOfUser: RevokeUserSessions,
    @Inject(UnlockSignIn) unlock: UnlockSignIn,
    @Inject(GetSecuritySettings) settings: GetSecuritySettings,
    @Inject(UpdateSecuritySettings) update: UpdateSecuritySettings,
  ) {
    this.#list = list;
    this.#listOfUser = listOfUser;
    this.#revoke = revoke;
    this.#revokeOthers = revokeOthers;
    this.#revokeOfUser = revokeOfUser;
    this.#unlock = unlock;
    this.#settings = settings;
    this.#update = update;
  }

  @Endpoint(routes.listSessions)
  list(@CurrentActor() actor: Actor): Promise<RouteOutput<typeof routes.listSessions>> {
    return this.#list.execute(actor);
  }

  @Endpoint(routes.revokeSession)
  revoke(@CurrentActor() actor: Actor, @Input() { params }: RouteInput<typeof routes.revokeSession>): Promise<void> {
    return this.#revoke.execute(actor, params.id);
  }

  @Endpoint(routes.revokeOtherSessions)
  revokeOthers(@CurrentActor() actor: Actor): Promise<RouteOutput<typeof routes.revokeOtherSessions>> {
    return this.#revokeOthers.execute(actor);
  }

  @Endpoint(routes.listUserSessions)
  listOfUser(
    @CurrentActor() actor: Actor,
    @Input() { params }: RouteInput<typeof routes.listUserSessions>,
  ): Promise<RouteOutput<typeof routes.listUserSessions>> {
    return this.#listOfUser.execute(actor, params.id as ActorId);
  }

  @Endpoint(routes.revokeUserSessions)
  revokeOfUser(
    @CurrentActor() actor: Actor,
    @Input() { params, body }: RouteInput<typeof routes.revokeUserSessions>,
  ): Promise<RouteOutput<typeof routes.revokeUserSessions>> {
    return this.#revokeOfUser.execute(actor, { userId: params.id as ActorId, sessionId: body.sessionId ?? null });
  }

  @Endpoint(routes.unlockSignIn)
  unlock(@CurrentActor() actor: Actor, @Input() { params }: RouteInput<typeof routes.unlockSignIn>): Promise<void> {
    return this.#unlock.execute(actor, params.id as ActorId);
  }

  @Endpoint(routes.getSecuritySettings)
  settings(@CurrentActor() actor: Actor): Promise<RouteOutput<typeof routes.getSecuritySettings>> {
    return this.#settings.execute(actor);
  }

  @Endpoint(routes.updateSecuritySettings)
  update(
    @CurrentActor() actor: Actor,
    @ExpectedVersion() expectedVersion: number,
    @Input() { body }: RouteInput<typeof routes.updateSecuritySettings>,
  ): Promise<RouteOutput<typeof routes.updateSecuritySettings>> {
    return this.#update.execute(actor, { expectedVersion, change: body });
  }
}
