import type { DefaultInstant, Instant, Json, NullableInstant } from './columns.ts';

export interface InvitationTable {
  id: string;
  tenant_id: string;
  subject_id: string;
  prefix: string;
  token_hash: Uint8Array;
  invited_by: string;
  created_at: DefaultInstant;
  expires_at: Instant;
  accepted_at: NullableInstant;
  cancelled_at: NullableInstant;
}
export interface OffboardingTable {
  id: string;
  tenant_id: string;
  subject_id: string;
  offboarded_by: string;
  offboarded_at: DefaultInstant;
  report: Json;
}
/** How people come and leave (ACC-12). */
export interface PeopleTables {
  invitation: InvitationTable;
  offboarding: OffboardingTable;
}
