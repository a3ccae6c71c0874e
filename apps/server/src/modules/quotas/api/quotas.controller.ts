import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, Input } from '../../../platform/http/endpoint.ts';
import { ChangeQuotas } from '../usecases/change-quotas.ts';
import { GetQuotas } from '../usecases/get-quotas.ts';

@Controller()
export class QuotasController {
  readonly #get: GetQuotas;
  readonly #change: ChangeQuotas;
  constructor(@Inject(GetQuotas) get: GetQuotas, @Inject(ChangeQuotas) change: ChangeQuotas) {
    this.#get = get;
    this.#change = change;
  }

  @Endpoint(routes.getQuotas)
  get(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getQuotas>) {
    return this.#get.execute(actor, input.params.id);
  }

  @Endpoint(routes.changeQuotas)
  change(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.changeQuotas>) {
    return this.#change.execute(actor, input.params.id, input.body);
  }
}
