import { Controller, Inject } from '@nestjs/common';
import { type RouteInput, routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import { CurrentActor, Endpoint, Input } from '../../../platform/http/endpoint.ts';
import { ChangeApprovalPolicy } from '../usecases/change-approval-policy.ts';
import { ListApprovalPolicies } from '../usecases/list-approval-policies.ts';
import { ListApproverKeys } from '../usecases/list-approver-keys.ts';
import { RegisterApproverKey } from '../usecases/register-approver-key.ts';
import { WithdrawApproverKey } from '../usecases/withdraw-approver-key.ts';

@Controller()
export class ApprovalPoliciesController {
  readonly #list: ListApprovalPolicies;
  readonly #change: ChangeApprovalPolicy;
  constructor(
    @Inject(ListApprovalPolicies) list: ListApprovalPolicies,
    @Inject(ChangeApprovalPolicy) change: ChangeApprovalPolicy,
  ) {
    this.#list = list;
    this.#change = change;
  }

  @Endpoint(routes.listApprovalPolicies)
  list(@CurrentActor() actor: Actor) {
    return this.#list.execute(actor);
  }

  @Endpoint(routes.setApprovalPolicy)
  set(@CurrentActor() actor: Actor, @Input() { body }: RouteInput<typeof routes.setApprovalPolicy>) {
    const { operation, ...policy } = body;
    return this.#change.execute(actor, { operation, policy });
  }

  @Endpoint(routes.removeApprovalPolicy)
  async remove(@CurrentActor() actor: Actor, @Input() { params }: RouteInput<typeof routes.removeApprovalPolicy>) {
    await this.#change.execute(actor, { operation: params.operation, policy: null });
  }
}

@Controller()
export class ApproverKeysController {
  readonly #list: ListApproverKeys;
  readonly #register: RegisterApproverKey;
  readonly #withdraw: WithdrawApproverKey;
  constructor(
    @Inject(ListApproverKeys) list: ListApproverKeys,
    @Inject(RegisterApproverKey) register: RegisterApproverKey,
    @Inject(WithdrawApproverKey) withdraw: WithdrawApproverKey,
  ) {
    this.#list = list;
    this.#register = register;
    this.#withdraw = withdraw;
  }

  @Endpoint(routes.listApproverKeys)
  list(@CurrentActor() actor: Actor) {
    return this.#list.execute(actor);
  }

  @Endpoint(routes.registerApproverKey)
  register(@CurrentActor() actor: Actor, @Input() { body }: RouteInput<typeof routes.registerApproverKey>) {
    return this.#register.execute(actor, body);
  }

  @Endpoint(routes.withdrawApproverKey)
  withdraw(@CurrentActor() actor: Actor, @Input() { params }: RouteInput<typeof routes.withdrawApproverKey>) {
    return this.#withdraw.execute(actor, params.id);
  }
}
