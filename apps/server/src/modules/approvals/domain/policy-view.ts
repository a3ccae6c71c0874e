import type { ApprovalPolicyView } from '@quantumvault/api';
import { isoInstant } from '../../../kernel/clock.ts';
import type { StoredPolicy } from './demand.ts';

export const policyView = ({ updatedAt, approverNetworks, ...policy }: StoredPolicy): ApprovalPolicyView => ({
  ...policy,
  approverNetworks: [...approverNetworks],
  updatedAt: isoInstant(updatedAt),
});
