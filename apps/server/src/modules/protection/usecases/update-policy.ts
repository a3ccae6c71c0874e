import type { PolicyView } from '@quantumvault/api';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { kernelErrors } from '../../../kernel/errors.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { protectionErrors } from '../domain/errors.ts';
import { assertValid, type PolicySpec, policyView, rulesOf } from '../domain/policy.ts';
import type { PolicyRepository } from '../ports/policy-repository.ts';

export interface UpdatePolicyInput {
  readonly id: string;
  readonly expectedVersion: number;
  readonly change: { readonly name?: string | undefined; readonly spec?: PolicySpec | undefined };
}

/**
 * Gives a protection policy its next version; the ones before stay readable, and jobs keep the one they applied. Throws
 * `PROTECTION_POLICY_NOT_FOUND`, `PROTECTION_POLICY_INVALID`, `PROTECTION_POLICY_EXISTS` or `REQUEST_ETAG_MISMATCH`.
 */
export class UpdatePolicy {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #policies: PolicyRepository;
  readonly #clock: Clock;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; policies: PolicyRepository; clock: Clock }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#policies = options.policies;
    this.#clock = options.clock;
  }

  async execute(actor: Actor, input: UpdatePolicyInput): Promise<PolicyView> {
    await this.#authorize(actor, 'policy.update', { type: 'protection-policy', id: input.id });
    return this.#uow.write(actor, async (tx) => {
      const policy = await this.#policies.findLocked(tx, input.id, 'change');
      if (policy === null) throw protectionErrors.PROTECTION_POLICY_NOT_FOUND();
      if (policy.version !== input.expectedVersion) throw kernelErrors.REQUEST_ETAG_MISMATCH();
      const next = { name: input.change.name ?? policy.name, spec: input.change.spec ?? policy.spec };
      assertValid(rulesOf(next), this.#clock.now());
      const { id, version } = policy;
      const changed = await this.#policies.addVersion(tx, { id, version, ...next, createdBy: actor.id });
      if (changed === null) throw protectionErrors.PROTECTION_POLICY_EXISTS();
      await tx.audit({
        action: 'policy.updated',
        resource: { type: 'protection-policy', id },
        details: { mode: changed.spec.mode, version: changed.version, nameChanged: changed.name !== policy.name },
      });
      return policyView(changed);
    });
  }
}
