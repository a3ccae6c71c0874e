import type { ApprovableOperationName } from '@quantumvault/api';

/** So many approvals by different people, each of whom holds the role; null: whoever may decide approvals. */
export interface Threshold {
  readonly quorum: number;
  readonly approverRole: string | null;
}

/** All that an operation waits for: every threshold must be met. */
export interface Demand {
  readonly thresholds: readonly Threshold[];
  readonly expiresInSeconds: number;
  readonly signatureRequired: boolean;
  readonly reasonRequired: boolean;
  /** Each list must contain the approver's network; an empty list of lists: from anywhere. */
  readonly approverNetworks: readonly (readonly string[])[];
}

/** What an organization has laid down for one operation. */
export interface ApprovalPolicy {
  readonly quorum: number;
  readonly approverRole: string | null;
  readonly expiresInSeconds: number;
  readonly signatureRequired: boolean;
  readonly reasonRequired: boolean;
  readonly approverNetworks: readonly string[];
}

/** A policy as it is kept. */
export interface StoredPolicy extends ApprovalPolicy {
  readonly operation: ApprovableOperationName;
  readonly updatedBy: string;
  readonly updatedAt: Date;
  readonly version: number;
}

export const demandOf = (policy: ApprovalPolicy): Demand => ({
  thresholds: [{ quorum: policy.quorum, approverRole: policy.approverRole }],
  expiresInSeconds: policy.expiresInSeconds,
  signatureRequired: policy.signatureRequired,
  reasonRequired: policy.reasonRequired,
  approverNetworks: policy.approverNetworks.length === 0 ? [] : [policy.approverNetworks],
});

/** Both at once: never weaker than either. Thresholds of one role are one, the higher. */
export function strictest(one: Demand, other: Demand | null): Demand {
  if (other === null) return one;
  const highest = new Map<string | null, number>();
  for (const { quorum, approverRole } of [...one.thresholds, ...other.thresholds])
    highest.set(approverRole, Math.max(quorum, highest.get(approverRole) ?? 0));
  const lists = [...one.approverNetworks, ...other.approverNetworks];
  return {
    thresholds: [...highest].map(([approverRole, quorum]) => ({ quorum, approverRole })),
    expiresInSeconds: Math.min(one.expiresInSeconds, other.expiresInSeconds),
    signatureRequired: one.signatureRequired || other.signatureRequired,
    reasonRequired: one.reasonRequired || other.reasonRequired,
    approverNetworks: lists.filter((list, at) => lists.findIndex((same) => same.join() === list.join()) === at),
  };
}

export const highestQuorum = ({ thresholds }: Demand): number => Math.max(...thresholds.map(({ quorum }) => quorum));

/**
 * ACC-9: what a change of the policies themselves demands once an organization has any: what the policy to be changed
 * demands now, and what is demanded of changes. Where nobody has laid that down, it is the strictest of all policies, so that no
 * weaker one opens the way to the others.
 */
export function demandOfChange(policies: ReadonlyMap<string, ApprovalPolicy>, changed: string): Demand | null {
  const own = policies.get(changed);
  const ofChanges = policies.get('approval-policy.change');
  const bases = ofChanges === undefined ? [...policies.values()] : [ofChanges];
  return [...(own === undefined ? [] : [own]), ...bases]
    .map(demandOf)
    .reduce<Demand | null>((sum, demand) => strictest(demand, sum), null);
}
