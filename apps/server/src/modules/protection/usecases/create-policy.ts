import type { PolicyView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { NewId, PolicyId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { protectionErrors } from '../domain/errors.ts';
import { assertValid, type PolicySpec, policyView, rulesOf } from '../domain/policy.ts';
import type { PolicyRepository } from '../ports/policy-repository.ts';

/** Creates a protection policy. Throws `PROTECTION_POLICY_INVALID` with every reason, or `PROTECTION_POLICY_EXISTS`. */
export class CreatePolicy {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #policies: PolicyRepository;
  readonly #newId: NewId;
  readonly #clock: Clock;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    policies: PolicyRepository;
    newId: NewId;
    clock: Clock;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#policies = options.policies;
    this.#newId = options.newId;
    this.#clock = options.clock;
  }

  async execute(actor: Actor, input: { name: string; spec: PolicySpec }): Promise<PolicyView> {
    await this.#authorize(actor, 'policy.create', { type: 'organization', id: actor.tenantId });
    assertValid(rulesOf(input), this.#clock.now());
    return this.#uow.write(actor, async (tx) => {
      const id = this.#newId<PolicyId>();
      const policy = await this.#policies.insert(tx, { id, ...input, isBuiltIn: false, createdBy: actor.id });
      if (policy === null) throw protectionErrors.PROTECTION_POLICY_EXISTS();
      await tx.audit({
        action: 'policy.created',
        resource: { type: 'protection-policy', id },
        details: { mode: policy.spec.mode, version: policy.version, builtIn: false },
      });
      return policyView(policy);
    });
  }
}
