import type { ColumnType, Generated } from 'kysely';
import type { DefaultInstant, Instant, Json, Nullable, NullableInstant } from './columns.ts';

export interface ApprovalPolicyTable {
  tenant_id: string;
  operation: string;
  quorum: number;
  approver_role: Nullable<string>;
  expires_in_seconds: number;
  signature_required: boolean;
  reason_required: boolean;
  approver_networks: string[];
  updated_by: string;
  updated_at: DefaultInstant;
  version: Generated<number>;
}
export interface ApprovalRequestTable {
  tenant_id: string;
  id: string;
  operation: string;
  resource_type: string;
  resource_id: string;
  plan: Json;
  plan_hash: Uint8Array;
  requester_kind: 'user' | 'service-account' | 'device';
  requester_id: string;
  requester_behind: string[];
  reason: ColumnType<string | null, string | null, never>;
  requirement: Json;
  quorum: number;
  status: Generated<'pending' | 'approved' | 'executed' | 'rejected' | 'cancelled' | 'expired'>;
  created_at: DefaultInstant;
  expires_at: Instant;
  approved_at: NullableInstant;
  ended_at: NullableInstant;
  changed_at: DefaultInstant;
  ended_by: Nullable<string>;
  result_id: Nullable<string>;
}
export interface ApprovalVoteTable {
  tenant_id: string;
  request_id: string;
  approver_id: string;
  decision: 'approve' | 'reject';
  plan_hash: Uint8Array;
  reason: ColumnType<string | null, string | null, never>;
  key_id: ColumnType<string | null, string | null, never>;
  signature: ColumnType<Uint8Array | null, Uint8Array | null, never>;
  created_at: DefaultInstant;
}
export interface ApproverKeyTable {
  tenant_id: string;
  id: string;
  subject_id: string;
  signer: string;
  algorithm: string;
  fingerprint: Uint8Array;
  created_at: DefaultInstant;
  withdrawn_at: NullableInstant;
}
export interface ApprovalFactsTable {
  tenant_id: string;
  request_id: string;
  subject_id: string;
  facts: Json;
}

/** What waits for the approval of others, and who said what about it (ACC-9). */
export interface ApprovalTables {
  approval_policy: ApprovalPolicyTable;
  approval_request: ApprovalRequestTable;
  approval_vote: ApprovalVoteTable;
  approver_key: ApproverKeyTable;
  approval_facts: ApprovalFactsTable;
}
