import { builtInPolicies } from '@quantumvault/inventory';
import type { ActorId, NewId, PolicyId } from '../../kernel/ids.ts';
import type { WriteTransaction } from '../../kernel/unit-of-work.ts';
import type { PolicyRepository } from './ports/policy-repository.ts';

/** Gives a new organization the built-in policies (INV-8), in the transaction that creates it. */
export function createSeedBuiltInPolicies(options: { policies: PolicyRepository; newId: NewId }) {
  return async (tx: WriteTransaction, createdBy: ActorId): Promise<void> => {
    for (const { name, ...spec } of builtInPolicies) {
      const id = options.newId<PolicyId>();
      const policy = await options.policies.insert(tx, { id, name, isBuiltIn: true, spec, createdBy });
      // The organization has a policy of this name already: what somebody has made of it stays.
      if (policy === null) continue;
      await tx.audit({
        action: 'policy.created',
        resource: { type: 'protection-policy', id },
        details: { mode: spec.mode, version: policy.version, builtIn: true },
      });
    }
  };
}
