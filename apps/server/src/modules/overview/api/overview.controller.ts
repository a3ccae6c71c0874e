import { Controller, Inject } from '@nestjs/common';
import { routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint } from '../../../platform/http/endpoint.ts';
import { GetOverview } from '../usecases/get-overview.ts';

@Controller()
export class OverviewController {
  readonly #get: GetOverview;
  constructor(@Inject(GetOverview) get: GetOverview) {
    this.#get = get;
  }

  @Endpoint(routes.getOverview)
  get(@CurrentActor() actor: Actor) {
    return this.#get.execute(actor);
  }
}
