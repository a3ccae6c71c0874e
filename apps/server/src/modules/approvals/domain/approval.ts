import type { ApprovableOperationName } from '@quantumvault/api';
import type { Demand } from './demand.ts';
import type { PlanFields } from './operations.ts';

export type ApprovalStatus = 'pending' | 'approved' | 'executed' | 'rejected' | 'cancelled' | 'expired';

/** Where a request may go from where it is; the database holds the same table (guard_approval_request). */
export const transitions: Readonly<Record<ApprovalStatus, readonly ApprovalStatus[]>> = {
  pending: ['approved', 'rejected', 'cancelled', 'expired'],
  // Back to pending when an approver has lost the right before the plan was carried out.
  approved: ['executed', 'pending', 'cancelled', 'expired'],
  executed: [],
  rejected: [],
  cancelled: [],
  expired: [],
};

export type RequesterKind = 'user' | 'service-account' | 'device';

export interface ApprovalRequest {
  readonly id: string;
  readonly operation: ApprovableOperationName;
  readonly resource: { readonly type: string; readonly id: string };
  readonly plan: PlanFields;
  readonly planHash: Uint8Array;
  readonly requester: { readonly kind: RequesterKind; readonly id: string };
  /** Accounts of whoever could act for the requester when it was asked: revoking a key afterwards makes nobody another person. */
  readonly requesterBehind: readonly string[];
  readonly reason: string | null;
  /** What was demanded when it was asked. */
  readonly demand: Demand;
  /** As stored; see {@link statusAt}. */
  readonly status: ApprovalStatus;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly approvedAt: Date | null;
  readonly endedAt: Date | null;
  readonly changedAt: Date;
  readonly resultId: string | null;
}

export interface Vote {
  readonly approverId: string;
  readonly decision: 'approve' | 'reject';
  readonly reason: string | null;
  readonly signature: Uint8Array | null;
  readonly keyId: string | null;
  readonly createdAt: Date;
}

/** An open request whose time is over has expired, whether or not somebody has written that down yet. */
export function statusAt({ status, expiresAt }: Pick<ApprovalRequest, 'status' | 'expiresAt'>, now: Date) {
  const isOpen = status === 'pending' || status === 'approved';
  return isOpen && expiresAt <= now ? 'expired' : status;
}
