import type { Actor } from '../../../kernel/actor.ts';
import type { ApprovalGate } from '../../../kernel/approvals.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { protectionErrors } from '../domain/errors.ts';
import type { PolicyRepository } from '../ports/policy-repository.ts';

/**
 * Deletes a protection policy that nothing uses. Throws `PROTECTION_POLICY_NOT_FOUND`, `PROTECTION_POLICY_BUILT_IN` or
 * `PROTECTION_POLICY_IN_USE`.
 */
export class DeletePolicy {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #approvals: ApprovalGate;
  readonly #policies: PolicyRepository;
  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    approvals: ApprovalGate;
    policies: PolicyRepository;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#approvals = options.approvals;
    this.#policies = options.policies;
  }

  async execute(actor: Actor, id: string): Promise<void> {
    await this.#authorize(actor, 'policy.delete', { type: 'protection-policy', id });
    const resource = { type: 'protection-policy', id };
    const ticket = await this.#approvals.gate(actor, {
      operation: 'policy.delete',
      resource,
      plan: async (tx) => {
        const policy = await this.#policies.find(tx, id);
        if (policy === null) throw protectionErrors.PROTECTION_POLICY_NOT_FOUND();
        return { policyId: id, name: policy.name, version: policy.version };
      },
    });
    await this.#uow.write(actor, async (tx) => {
      // The lock makes whoever is applying it wait, or makes us wait for its job to be there.
      const policy = await this.#policies.findLocked(tx, id, 'change');
      if (policy === null) throw protectionErrors.PROTECTION_POLICY_NOT_FOUND();
      if (policy.isBuiltIn) throw protectionErrors.PROTECTION_POLICY_BUILT_IN();
      if (await this.#policies.isInUse(tx, id)) throw protectionErrors.PROTECTION_POLICY_IN_USE();
      await ticket.consume(tx);
      await this.#policies.delete(tx, id);
      await tx.audit({
        action: 'policy.deleted',
        resource,
        details: { version: policy.version },
      });
    });
  }
}
