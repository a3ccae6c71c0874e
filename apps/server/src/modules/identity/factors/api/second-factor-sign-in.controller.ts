import { Controller, Inject, Req, Res } from '@nestjs/common';
import { type PasskeyRequest, type RouteInput, type RouteOutput, routes, type SignedIn } from '@quantumvault/api';
import type { Actor } from '../../../../kernel/actor.ts';
import type { Clock } from '../../../../kernel/clock.ts';
import { CurrentActor, Endpoint, Input } from '../../../../platform/http/endpoint.ts';
import type { QvReply, QvRequest } from '../../../../platform/http/request.ts';
import { CLOCK } from '../../../../platform/tokens.ts';
import { clientOf, deliverSession } from '../../sessions/deliver-session.ts';
import { PasskeySignIn } from '../passkey-sign-in.ts';
import { SecondStep } from '../second-step.ts';
import { StartStepUpPasskey } from '../usecases/start-step-up-passkey.ts';
import { StepUp } from '../usecases/step-up.ts';
import { codeOf, passkeyOf, passwordOf } from './proof-of.ts';

/** Second step, sign-in by passkey, and step-up. */
@Controller()
export class SecondFactorSignInController {
  readonly #second: SecondStep;
  readonly #passkey: PasskeySignIn;
  readonly #stepUp: StepUp;
  readonly #startStepUp: StartStepUpPasskey;
  readonly #clock: Clock;

  constructor(
    @Inject(SecondStep) second: SecondStep,
    @Inject(PasskeySignIn) passkey: PasskeySignIn,
    @Inject(StepUp) stepUp: StepUp,
    @Inject(StartStepUpPasskey) startStepUp: StartStepUpPasskey,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#second = second;
    this.#passkey = passkey;
    this.#stepUp = stepUp;
    this.#startStepUp = startStepUp;
    this.#clock = clock;
  }

  @Endpoint(routes.completeSecondFactor)
  async complete(
    @Input() { body }: RouteInput<typeof routes.completeSecondFactor>,
    @Req() request: QvRequest,
    @Res({ passthrough: true }) reply: QvReply,
  ): Promise<SignedIn> {
    const proof = body.method === 'passkey' ? passkeyOf(body) : codeOf(body.method, body);
    const opened = await this.#second.attempt(body.ticket, proof, clientOf(request, undefined));
    return deliverSession(opened, reply, this.#clock.now());
  }

  @Endpoint(routes.startSecondFactorPasskey)
  startSecond(
    @Input() { body }: RouteInput<typeof routes.startSecondFactorPasskey>,
    @Req() request: QvRequest,
  ): Promise<PasskeyRequest> {
    return this.#second.startPasskey(body.ticket, clientOf(request, undefined));
  }

  @Endpoint(routes.startPasskeySignIn)
  startPasskey(): Promise<PasskeyRequest> {
    return this.#passkey.start();
  }

  @Endpoint(routes.signInWithPasskey)
  async signInWithPasskey(
    @Input() { body }: RouteInput<typeof routes.signInWithPasskey>,
    @Req() request: QvRequest,
    @Res({ passthrough: true }) reply: QvReply,
  ): Promise<SignedIn> {
    const given = { challengeId: body.challengeId, assertion: body.credential };
    const opened = await this.#passkey.attempt(given, clientOf(request, body.transport));
    return deliverSession(opened, reply, this.#clock.now());
  }

  @Endpoint(routes.stepUp)
  stepUp(
    @CurrentActor() actor: Actor,
    @Input() { body }: RouteInput<typeof routes.stepUp>,
  ): Promise<RouteOutput<typeof routes.stepUp>> {
    const { method } = body;
    if (method === 'password') return this.#stepUp.execute(actor, { method, password: passwordOf(body) });
    return this.#stepUp.execute(actor, method === 'passkey' ? passkeyOf(body) : codeOf(method, body));
  }

  @Endpoint(routes.startStepUpPasskey)
  startStepUpPasskey(@CurrentActor() actor: Actor): Promise<PasskeyRequest> {
    return this.#startStepUp.execute(actor);
  }
}
