import type { Generated } from 'kysely';
import type { DefaultInstant, Instant, NullableInstant } from './columns.ts';

export interface DeviceTable {
  id: string;
  tenant_id: string;
  algorithm: 'Ed25519' | 'ML-DSA-65';
  public_key: Uint8Array;
  permissions: string[];
  mac_addresses: Generated<string[]>;
  enrolled_by: string;
  enrolled_at: DefaultInstant;
  last_seen_at: NullableInstant;
}
export interface DeviceEnrollmentTable {
  id: string;
  tenant_id: string;
  name: string;
  permissions: string[];
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
}
export interface ClientCertificateTable {
  id: string;
  tenant_id: string;
  subject_id: string;
  match: 'certificate' | 'names';
  digest: Uint8Array;
  subject_name: string;
  issuer_name: string;
  not_after: Instant;
  permissions: string[];
  created_by: string;
  created_at: DefaultInstant;
  revoked_at: NullableInstant;
}
/** Machines that prove themselves by a key of their own (ACC-2). */
export interface DeviceTables {
  device: DeviceTable;
  client_certificate: ClientCertificateTable;
  device_enrollment: DeviceEnrollmentTable;
  device_session: DeviceSessionTable;
}
