import type { ApprovalGate, ApprovalOutlooks } from './approvals.ts';

/** For tests of use cases in organizations that demand no approvals. */
export const openGate: ApprovalGate = {
  gate: async () => ({ consume: async () => {} }),
  refuseDetour: async () => {},
  isDemanded: async () => false,
};

export const noOutlooks: ApprovalOutlooks = { behind: async () => [] };
