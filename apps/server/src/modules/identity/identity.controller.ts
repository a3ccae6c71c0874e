import { Controller, Inject } from '@nestjs/common';
import { type RouteOutput, routes } from '@quantumvault/api';
import type { Actor } from '../../kernel/actor.ts';
import { CurrentActor, Endpoint } from '../../platform/http/endpoint.ts';
import { WhoAmI } from './who-am-i.ts';

@Controller()
export class IdentityController {
  readonly #whoAmI: WhoAmI;
  constructor(@Inject(WhoAmI) whoAmI: WhoAmI) {
    this.#whoAmI = whoAmI;
  }

  @Endpoint(routes.whoAmI)
  whoAmI(@CurrentActor() actor: Actor): Promise<RouteOutput<typeof routes.whoAmI>> {
    return this.#whoAmI.execute(actor);
  }
}
