import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../../kernel/actor.ts';
import type { ActorId } from '../../../../kernel/ids.ts';
import { CurrentActor, Endpoint, Input } from '../../../../platform/http/endpoint.ts';
import { ConfirmTotp } from '../usecases/confirm-totp.ts';
import { CreateRecoveryCodes } from '../usecases/create-recovery-codes.ts';
import { ReadSecondFactors } from '../usecases/read-second-factors.ts';
import { RemoveTotp } from '../usecases/remove-totp.ts';
import { ResetUserFactors } from '../usecases/reset-user-factors.ts';
import { StartTotp } from '../usecases/start-totp.ts';

/** App and recovery codes of whoever asks, and the reset of others'. */
@Controller()
export class SecondFactorsController {
  readonly #read: ReadSecondFactors;
  readonly #startTotp: StartTotp;
  readonly #confirmTotp: ConfirmTotp;
  readonly #removeTotp: RemoveTotp;
  readonly #createCodes: CreateRecoveryCodes;
  readonly #reset: ResetUserFactors;

  constructor(
    @Inject(ReadSecondFactors) read: ReadSecondFactors,
    @Inject(StartTotp) startTotp: StartTotp,
    @Inject(ConfirmTotp) confirmTotp: ConfirmTotp,
    @Inject(RemoveTotp) removeTotp: RemoveTotp,
    @Inject(CreateRecoveryCodes) createCodes: CreateRecoveryCodes,
    @Inject(ResetUserFactors) reset: ResetUserFactors,
  ) {
    this.#read = read;
    this.#startTotp = startTotp;
    this.#confirmTotp = confirmTotp;
    this.#removeTotp = removeTotp;
    this.#createCodes = createCodes;
    this.#reset = reset;
  }

  @Endpoint(routes.getSecondFactors)
  get(@CurrentActor() actor: Actor) {
    return this.#read.execute(actor);
  }

  @Endpoint(routes.startTotp)
  start(@CurrentActor() actor: Actor) {
    return this.#startTotp.execute(actor);
  }

  @Endpoint(routes.confirmTotp)
  confirm(@CurrentActor() actor: Actor, @Input() { body }: RouteInput<typeof routes.confirmTotp>) {
    return this.#confirmTotp.execute(actor, body);
  }

  @Endpoint(routes.removeTotp)
  remove(@CurrentActor() actor: Actor) {
    return this.#removeTotp.execute(actor);
  }

  @Endpoint(routes.createRecoveryCodes)
  createRecoveryCodes(@CurrentActor() actor: Actor) {
    return this.#createCodes.execute(actor);
  }

  @Endpoint(routes.resetUserFactors)
  reset(@CurrentActor() actor: Actor, @Input() { params, body }: RouteInput<typeof routes.resetUserFactors>) {
    return this.#reset.execute(actor, { id: params.id as ActorId, reason: body.reason });
  }
}
