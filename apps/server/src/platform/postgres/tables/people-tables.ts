import type { Generated } from 'kysely';
import type { DefaultInstant, Instant, Json, Nullable, NullableInstant } from './columns.ts';

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
export interface IdentitySettingsTable {
  tenant_id: string;
  api_key_days_max: Nullable<number>;
  invitation_hours: number;
  version: Generated<number>;
}
export interface OffboardingTable {
  id: string;
  tenant_id: string;
  subject_id: string;
  offboarded_by: string;
  offboarded_at: DefaultInstant;
  report: Json;
}
export interface ClientCertificateTable {
  id: string;
  tenant_id: string;
  subject_id: string;
  match: 'certificate' | 'public-key';
  digest: Uint8Array;
  subject_name: string;
  not_after: Instant;
  created_by: string;
  created_at: DefaultInstant;
  revoked_at: NullableInstant;
  last_used_at: NullableInstant;
}
export interface DeviceTable {
  id: string;
  tenant_id: string;
  owner_id: Nullable<string>;
  algorithm: 'Ed25519' | 'ECDSA-P256-SHA256' | 'ML-DSA-65';
  public_key: Uint8Array;
  mac_addresses: Generated<string[]>;
  enrolled_by: string;
  enrolled_at: DefaultInstant;
  last_seen_at: NullableInstant;
}
export interface DeviceEnrollmentTable {
  id: string;
  tenant_id: string;
  name: string;
  owner_id: Nullable<string>;
  prefix: string;
  token_hash: Uint8Array;
  created_by: string;
  created_at: DefaultInstant;
  expires_at: Instant;
  used_at: NullableInstant;
  cancelled_at: NullableInstant;
}
export interface DeviceSessionTable {
  id: string;
  tenant_id: string;
  device_id: string;
  prefix: string;
  secret_hash: Uint8Array;
  assertion_hash: Uint8Array;
  mac_addresses: string[];
  created_at: DefaultInstant;
  expires_at: Instant;
  revoked_at: NullableInstant;
}

/** How people and machines come, prove who they are, and leave (ACC-2, ACC-12). */
export interface PeopleTables {
  invitation: InvitationTable;
  identity_settings: IdentitySettingsTable;
  offboarding: OffboardingTable;
  client_certificate: ClientCertificateTable;
  device: DeviceTable;
  device_enrollment: DeviceEnrollmentTable;
  device_session: DeviceSessionTable;
}
