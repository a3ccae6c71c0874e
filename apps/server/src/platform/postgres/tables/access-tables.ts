import type { ColumnType, Generated } from 'kysely';
import type { DefaultInstant, DefaultJson, Nullable, NullableInstant } from './columns.ts';

export interface SubjectTable {
  id: string;
  tenant_id: string;
  kind: 'user' | 'service-account' | 'device';
  status: Generated<'invited' | 'active' | 'suspended' | 'offboarded'>;
  display_name: string;
  created_at: DefaultInstant;
  version: Generated<number>;
}
export interface UserAccountTable {
  id: string;
  tenant_id: string;
  email: string;
  password_hash: Nullable<string>;
  created_at: DefaultInstant;
  version: Generated<number>;
}
export interface ServiceAccountTable {
  id: string;
  tenant_id: string;
  owner_id: Nullable<string>;
  description: Generated<string>;
  created_at: DefaultInstant;
}
export interface ApiKeyTable {
  id: string;
  tenant_id: string;
  subject_id: string;
  name: string;
  prefix: string;
  secret_hash: Uint8Array;
  expires_at: NullableInstant;
  revoked_at: NullableInstant;
  last_used_at: NullableInstant;
  created_at: DefaultInstant;
  created_by: Nullable<string>;
  permissions: Nullable<string[]>;
  environment_id: Nullable<string>;
  project_id: Nullable<string>;
  service_id: Nullable<string>;
  allowed_networks: Generated<string[]>;
  replaces_id: Nullable<string>;
  origin: Generated<'made' | 'setting'>;
}
export interface CustomRoleTable {
  id: string;
  tenant_id: string;
  name: string;
  description: Generated<string>;
  permissions: string[];
  created_at: DefaultInstant;
  version: Generated<number>;
  deleted_at: NullableInstant;
}
export interface AccessGrantTable {
  id: string;
  tenant_id: string;
  subject_id: string;
  effect: Generated<'allow' | 'deny'>;
  role: Nullable<string>;
  custom_role_id: Nullable<string>;
  environment_id: Nullable<string>;
  project_id: Nullable<string>;
  service_id: Nullable<string>;
  conditions: DefaultJson<Readonly<Record<string, unknown>>>;
  not_before: NullableInstant;
  expires_at: NullableInstant;
  source: Generated<'direct' | 'temporary' | 'break-glass'>;
  granted_by: Nullable<string>;
  created_at: DefaultInstant;
  revoked_at: NullableInstant;
  first_used_at: NullableInstant;
  expiry_noted_at: NullableInstant;
}
export interface AccessVersionTable {
  tenant_id: string;
  version: ColumnType<bigint, bigint, bigint>;
  suspended: Generated<boolean>;
}

/** Who there is and what each may (ACC-2, ACC-6). */
export interface AccessTables {
  subject: SubjectTable;
  user_account: UserAccountTable;
  service_account: ServiceAccountTable;
  api_key: ApiKeyTable;
  custom_role: CustomRoleTable;
  access_grant: AccessGrantTable;
  access_version: AccessVersionTable;
}
