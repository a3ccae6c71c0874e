import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, Input } from '../../../platform/http/endpoint.ts';
import { AcceptFinding } from '../usecases/accept-finding.ts';
import { ListFindings } from '../usecases/list-findings.ts';
import { UnacceptFinding } from '../usecases/unaccept-finding.ts';

@Controller()
export class FindingsController {
  readonly #listFindings: ListFindings;
  readonly #acceptFinding: AcceptFinding;
  readonly #unacceptFinding: UnacceptFinding;
  constructor(
    @Inject(ListFindings) listFindings: ListFindings,
    @Inject(AcceptFinding) acceptFinding: AcceptFinding,
    @Inject(UnacceptFinding) unacceptFinding: UnacceptFinding,
  ) {
    this.#listFindings = listFindings;
    this.#acceptFinding = acceptFinding;
    this.#unacceptFinding = unacceptFinding;
  }

  @Endpoint(routes.listFindings)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listFindings>) {
    return this.#listFindings.execute(actor, input.query);
  }

  @Endpoint(routes.acceptFinding)
  accept(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.acceptFinding>) {
    return this.#acceptFinding.execute(actor, { id: input.params.id, ...input.body });
  }

  @Endpoint(routes.unacceptFinding)
  unaccept(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.unacceptFinding>) {
    return this.#unacceptFinding.execute(actor, input.params.id);
  }
}
