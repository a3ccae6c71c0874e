import { Controller, Inject, Req, Res } from '@nestjs/common';
import { type RouteInput, type RouteOutput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { type Clock, isoInstant } from '../../../kernel/clock.ts';
import { CurrentActor, Endpoint, Input } from '../../../platform/http/endpoint.ts';
import type { QvReply, QvRequest } from '../../../platform/http/request.ts';
import { CLOCK } from '../../../platform/tokens.ts';
import { clientOf, deliverSession } from '../sessions/deliver-session.ts';
import { DecideDeviceSignIn } from './decide-device-sign-in.ts';
import { DeviceFlow } from './device-flow.ts';
import { LookUpDeviceSignIn } from './look-up-device-sign-in.ts';

/** Sign-in of devices without a browser (RFC 8628). */
@Controller()
export class DeviceSignInController {
  readonly #flow: DeviceFlow;
  readonly #lookUp: LookUpDeviceSignIn;
  readonly #decide: DecideDeviceSignIn;
  readonly #clock: Clock;

  constructor(
    @Inject(DeviceFlow) flow: DeviceFlow,
    @Inject(LookUpDeviceSignIn) lookUp: LookUpDeviceSignIn,
    @Inject(DecideDeviceSignIn) decide: DecideDeviceSignIn,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#flow = flow;
    this.#lookUp = lookUp;
    this.#decide = decide;
    this.#clock = clock;
  }

  @Endpoint(routes.startDeviceSignIn)
  async start(
    @Input() { body }: RouteInput<typeof routes.startDeviceSignIn>,
  ): Promise<RouteOutput<typeof routes.startDeviceSignIn>> {
    const started = await this.#flow.start(body.clientName);
    return { ...started, expiresAt: isoInstant(started.expiresAt) };
  }

  @Endpoint(routes.pollDeviceSignIn)
  async poll(
    @Input() { body }: RouteInput<typeof routes.pollDeviceSignIn>,
    @Req() request: QvRequest,
    @Res({ passthrough: true }) reply: QvReply,
  ): Promise<RouteOutput<typeof routes.pollDeviceSignIn>> {
    const polled = await this.#flow.poll(body.deviceCode, clientOf(request, 'token'));
    return 'status' in polled ? { status: polled.status } : deliverSession(polled, reply, this.#clock.now());
  }

  @Endpoint(routes.lookUpDeviceSignIn)
  lookUp(
    @CurrentActor() actor: Actor,
    @Input() { body }: RouteInput<typeof routes.lookUpDeviceSignIn>,
  ): Promise<RouteOutput<typeof routes.lookUpDeviceSignIn>> {
    return this.#lookUp.execute(actor, body.userCode);
  }

  @Endpoint(routes.decideDeviceSignIn)
  decide(@CurrentActor() actor: Actor, @Input() { body }: RouteInput<typeof routes.decideDeviceSignIn>): Promise<void> {
    return this.#decide.execute(actor, { userCode: body.userCode, isApproved: body.decision === 'approve' });
  }
}
