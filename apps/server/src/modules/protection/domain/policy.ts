import type { PolicyView } from '@quantumvault/api';
import { findAlgorithm, findPublicKeyAlgorithm } from '@quantumvault/crypto';
import { type PolicyIssue, type ProtectionPolicyRules, validatePolicy } from '@quantumvault/inventory';
import type { ActorId, PolicyId } from '../../../kernel/ids.ts';
import { protectionErrors } from './errors.ts';

/** What a policy says, without its name, which is not versioned. */
export type PolicySpec = Omit<ProtectionPolicyRules, 'name'>;

export interface Policy {
  readonly id: PolicyId;
  readonly name: string;
  readonly isBuiltIn: boolean;
  readonly version: number;
  readonly spec: PolicySpec;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What a policy said from one change to the next. */
export interface PolicyVersion {
  readonly id: PolicyId;
  readonly name: string;
  readonly version: number;
  readonly spec: PolicySpec;
  readonly createdBy: ActorId;
  readonly createdAt: Date;
}

export const rulesOf = (policy: Pick<Policy, 'name' | 'spec'>): ProtectionPolicyRules => ({
  name: policy.name,
  ...policy.spec,
});

/** INV-8: throws `PROTECTION_POLICY_INVALID` with every reason; `now` decides what is disallowed already. */
export function assertValid(rules: ProtectionPolicyRules, now: Date): void {
  const issues = validatePolicy(rules, { findAlgorithm, findPublicKeyAlgorithm }, now.toISOString().slice(0, 10));
  if (issues.length === 0) return;
  const pathOf = ({ field }: PolicyIssue) => (field === 'name' ? 'body.name' : `body.spec.${field}`);
  throw protectionErrors.PROTECTION_POLICY_INVALID({
    detail: issues
      .map(({ message }) => message)
      .join(' ')
      .slice(0, 1000),
    fields: issues.map((issue) => ({ path: pathOf(issue), message: issue.message })),
  });
}

export function policyView(policy: Policy): PolicyView {
  const { spec } = policy;
  return {
    id: policy.id,
    name: policy.name,
    builtIn: policy.isBuiltIn,
    version: policy.version,
    spec: {
      ...spec,
      kem: [...spec.kem],
      signature: [...spec.signature],
      aead: [...spec.aead],
      assetTypes: [...spec.assetTypes],
    },
    createdAt: policy.createdAt.toISOString(),
    updatedAt: policy.updatedAt.toISOString(),
  };
}
