import type { PolicyView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { protectionErrors } from '../domain/errors.ts';
import { policyView } from '../domain/policy.ts';
import type { PolicyRepository } from '../ports/policy-repository.ts';

/** One protection policy in its current version. Throws `PROTECTION_POLICY_NOT_FOUND`. */
export class GetPolicy {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #policies: PolicyRepository;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; policies: PolicyRepository }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#policies = options.policies;
  }

  async execute(actor: Actor, id: string): Promise<PolicyView> {
    await this.#authorize(actor, 'policy.read', { type: 'protection-policy', id });
    const policy = await this.#uow.read(actor.tenantId, (tx) => this.#policies.find(tx, id));
    if (policy === null) throw protectionErrors.PROTECTION_POLICY_NOT_FOUND();
    return policyView(policy);
  }
}
