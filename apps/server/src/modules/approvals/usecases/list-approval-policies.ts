import { approvableOperations, type RouteOutput, type Routes } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { sentenceOf } from '../domain/operations.ts';
import { policyView } from '../domain/policy-view.ts';
import type { ApprovalPolicies } from '../ports/approval-policies.ts';

/** Every operation that can be put under approval, with the policy that the organization has for it. */
export class ListApprovalPolicies {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #policies: ApprovalPolicies;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; policies: ApprovalPolicies }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#policies = options.policies;
  }

  async execute(actor: Actor): Promise<RouteOutput<Routes['listApprovalPolicies']>> {
    await this.#authorize(actor, 'approval-policy.read', { type: 'organization', id: actor.tenantId });
    const stored = await this.#uow.read(actor.tenantId, (tx) => this.#policies.all(tx));
    return {
      items: approvableOperations.map((operation) => {
        const policy = stored.find((candidate) => candidate.operation === operation);
        return { operation, sentence: sentenceOf(operation), policy: policy === undefined ? null : policyView(policy) };
      }),
    };
  }
}
