import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../kernel/actor.ts';
import { CurrentActor, Endpoint, Input } from '../../platform/http/endpoint.ts';
import { ListEnvironments } from './list-environments.ts';

@Controller()
export class TenancyController {
  readonly #listEnvironments: ListEnvironments;
  constructor(@Inject(ListEnvironments) listEnvironments: ListEnvironments) {
    this.#listEnvironments = listEnvironments;
  }

  @Endpoint(routes.listEnvironments)
  listEnvironments(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listEnvironments>) {
    return this.#listEnvironments.execute(actor, input.query);
  }
}
