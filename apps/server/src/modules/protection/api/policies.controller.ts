import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, ExpectedVersion, Input } from '../../../platform/http/endpoint.ts';
import { CreatePolicy } from '../usecases/create-policy.ts';
import { DeletePolicy } from '../usecases/delete-policy.ts';
import { GetPolicy } from '../usecases/get-policy.ts';
import { ListPolicies } from '../usecases/list-policies.ts';
import { SimulatePolicy } from '../usecases/simulate-policy.ts';
import { UpdatePolicy } from '../usecases/update-policy.ts';

@Controller()
export class PoliciesController {
  readonly #listPolicies: ListPolicies;
  readonly #getPolicy: GetPolicy;
  readonly #createPolicy: CreatePolicy;
  readonly #updatePolicy: UpdatePolicy;
  readonly #deletePolicy: DeletePolicy;
  readonly #simulatePolicy: SimulatePolicy;
  constructor(
    @Inject(ListPolicies) listPolicies: ListPolicies,
    @Inject(GetPolicy) getPolicy: GetPolicy,
    @Inject(CreatePolicy) createPolicy: CreatePolicy,
    @Inject(UpdatePolicy) updatePolicy: UpdatePolicy,
    @Inject(DeletePolicy) deletePolicy: DeletePolicy,
    @Inject(SimulatePolicy) simulatePolicy: SimulatePolicy,
  ) {
    this.#listPolicies = listPolicies;
    this.#getPolicy = getPolicy;
    this.#createPolicy = createPolicy;
    this.#updatePolicy = updatePolicy;
    this.#deletePolicy = deletePolicy;
    this.#simulatePolicy = simulatePolicy;
  }

  @Endpoint(routes.simulatePolicy)
  simulate(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.simulatePolicy>) {
    return this.#simulatePolicy.execute(actor, input.body);
  }

  @Endpoint(routes.listPolicies)
  list(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.listPolicies>) {
    return this.#listPolicies.execute(actor, input.query);
  }

  @Endpoint(routes.getPolicy)
  get(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.getPolicy>) {
    return this.#getPolicy.execute(actor, input.params.id);
  }

  @Endpoint(routes.createPolicy)
  create(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.createPolicy>) {
    return this.#createPolicy.execute(actor, input.body);
  }

  @Endpoint(routes.updatePolicy)
  update(
    @CurrentActor() actor: Actor,
    @Input() input: RouteInput<typeof routes.updatePolicy>,
    @ExpectedVersion() expectedVersion: number,
  ) {
    return this.#updatePolicy.execute(actor, { id: input.params.id, expectedVersion, change: input.body });
  }

  @Endpoint(routes.deletePolicy)
  delete(@CurrentActor() actor: Actor, @Input() input: RouteInput<typeof routes.deletePolicy>) {
    return this.#deletePolicy.execute(actor, input.params.id);
  }
}
