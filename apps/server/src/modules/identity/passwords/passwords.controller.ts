import { Controller, Inject, Req, Res } from '@nestjs/common';
import { type RouteInput, type RouteOutput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { ActorId } from '../../../kernel/ids.ts';
import { CurrentActor, Endpoint, Input } from '../../../platform/http/endpoint.ts';
import { presentedBy } from '../../../platform/http/presented-credentials.ts';
import type { QvReply, QvRequest } from '../../../platform/http/request.ts';
import { CLOCK } from '../../../platform/tokens.ts';
import { clientOf, deliverSession } from '../sessions/deliver-session.ts';
import { ChangePassword } from './change-password.ts';
import { CreatePasswordReset } from './create-password-reset.ts';
import { RedeemPasswordReset } from './redeem-password-reset.ts';
import { RequirePasswordChange } from './require-password-change.ts';

/** Passwords, once there is somebody who has one. */
@Controller()
export class PasswordsController {
  readonly #change: ChangePassword;
  readonly #createReset: CreatePasswordReset;
  readonly #redeemReset: RedeemPasswordReset;
  readonly #require: RequirePasswordChange;
  readonly #clock: Clock;

  constructor(
    @Inject(ChangePassword) change: ChangePassword,
    @Inject(CreatePasswordReset) createReset: CreatePasswordReset,
    @Inject(RedeemPasswordReset) redeemReset: RedeemPasswordReset,
    @Inject(RequirePasswordChange) require: RequirePasswordChange,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#change = change;
    this.#createReset = createReset;
    this.#redeemReset = redeemReset;
    this.#require = require;
    this.#clock = clock;
  }

  @Endpoint(routes.changePassword)
  async change(
    @CurrentActor() actor: Actor,
    @Input() { body }: RouteInput<typeof routes.changePassword>,
    @Req() request: QvRequest,
    @Res({ passthrough: true }) reply: QvReply,
  ): Promise<RouteOutput<typeof routes.changePassword>> {
    const client = clientOf(request, presentedBy(request).header === null ? 'cookie' : 'token');
    const { currentPassword = null, newPassword } = body;
    const opened = await this.#change.execute(actor, { currentPassword, newPassword, client });
    return opened === null ? { status: 'changed' } : deliverSession(opened, reply, this.#clock.now());
  }

  @Endpoint(routes.resetPassword)
  reset(@Input() { body }: RouteInput<typeof routes.resetPassword>, @Req() request: QvRequest): Promise<void> {
    return this.#redeemReset.redeem(body, clientOf(request, undefined).request);
  }

  @Endpoint(routes.createPasswordReset)
  createReset(
    @CurrentActor() actor: Actor,
    @Input() { params }: RouteInput<typeof routes.createPasswordReset>,
  ): Promise<RouteOutput<typeof routes.createPasswordReset>> {
    return this.#createReset.execute(actor, params.id as ActorId);
  }

  @Endpoint(routes.requirePasswordChange)
  require(
    @CurrentActor() actor: Actor,
    @Input() { params }: RouteInput<typeof routes.requirePasswordChange>,
  ): Promise<void> {
    return this.#require.execute(actor, params.id as ActorId);
  }
}
