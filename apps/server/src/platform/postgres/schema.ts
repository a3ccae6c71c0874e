import type { QuotaKind } from '@quantumvault/api';
import type { Readiness } from '@quantumvault/inventory';
import type { ColumnType, Generated, Insertable, Kysely, Selectable } from 'kysely';
import type { AccessTables } from './tables/access-tables.ts';
import type { ApprovalTables } from './tables/approval-tables.ts';
import type { DefaultInstant, Instant, Json, NullableInstant } from './tables/columns.ts';
import type { DeviceTables } from './tables/device-tables.ts';
import type { PeopleTables } from './tables/people-tables.ts';
import type { SecondFactorTables } from './tables/second-factor-tables.ts';
import type { SessionTables } from './tables/session-tables.ts';

export interface OrganizationTable {
  id: string;
  name: string;
  status: Generated<'active' | 'suspended'>;
  created_at: DefaultInstant;
  version: Generated<number>;
}
export interface EnvironmentTable {
  id: string;
  tenant_id: string;
  name: string;
  type: 'production' | 'staging' | 'development' | 'local';
  created_at: DefaultInstant;
  version: Generated<number>;
}
export interface InstallationTable {
  singleton: Generated<boolean>;
  id: string;
  first_organization_id: ColumnType<string | null, string | null | undefined, string>;
  created_at: DefaultInstant;
}
export interface RootKeySealTable {
  id: string;
  kind: 'key-file';
  suite: string;
  sealed: Uint8Array;
  created_at: DefaultInstant;
}
export interface LogKeyTable {
  algorithm: 'Ed25519' | 'ML-DSA-44';
  public_key: Uint8Array;
  suite: string;
  wrapped: Uint8Array;
  created_at: DefaultInstant;
}
export interface TenantKeyTable {
  tenant_id: string;
  version: number;
  suite: string;
  wrapped: Uint8Array;
  created_at: DefaultInstant;
}
export interface SubjectKeyTable {
  id: string;
  tenant_id: string;
  subject_id: string;
  suite: string;
  wrapped: Uint8Array | null;
  kek_version: number;
  created_at: DefaultInstant;
  destroyed_at: NullableInstant;
}
export interface AuditEventTable {
  id: string;
  tenant_id: string;
  occurred_at: Instant;
  action: string;
  outcome: 'success' | 'refused' | 'failed';
  actor_kind: string;
  actor_id: string;
  resource_type: string;
  resource_id: string;
  request_id: string | null;
  event: Uint8Array;
}
export interface AuditPendingTable {
  event_id: string;
  tenant_id: string;
  marked_at: DefaultInstant;
}
export interface AuditLeafTable {
  log_index: bigint;
  tenant_id: string;
  tenant_sequence: bigint;
  event_id: string;
  previous_leaf: Uint8Array;
  leaf_hash: Uint8Array;
  chain_value: Uint8Array;
}
export interface AuditHeadTable {
  singleton: Generated<boolean>;
  size: bigint;
}
export interface AuditTenantHeadTable {
  tenant_id: string;
  tenant_sequence: bigint;
  log_index: bigint;
  leaf_hash: Uint8Array;
  chain_value: Uint8Array;
  announced_sequence: Generated<bigint>;
  unannounced_since: NullableInstant;
}
export interface AuditCheckpointTable {
  size: bigint;
  root: Uint8Array;
  note: string;
  signed_at: Instant;
}
export interface AuthRefusalCountTable {
  minute: Instant;
  address_hash: Uint8Array;
  source_key: string | null;
  source_suite: string | null;
  source: Uint8Array | null;
  refusals: bigint;
}
export interface AssetTable {
  id: string;
  tenant_id: string;
  environment_id: string;
  name: string;
  type: string;
  endpoint: string;
  owner: string | null;
  sensitivity: string;
  exposure: string;
  data_lifetime_years: number;
  tags: string[];
  encryption_profile: Json;
  evidence: ColumnType<unknown, string | null, string | null>;
  risk: Json;
  risk_score: number;
  first_seen_at: DefaultInstant;
  last_seen_at: DefaultInstant;
  archived_at: NullableInstant;
  ended_as: ColumnType<'merged' | 'withdrawn' | null, never, 'merged' | 'withdrawn'>;
  end_reason: ColumnType<string | null, never, string>;
  merged_into: ColumnType<string | null, never, string>;
  gone_since: NullableInstant;
  facet: ColumnType<number, never, never>;
  readiness: Generated<Readiness>;
  certificate_ends_at: NullableInstant;
  version: Generated<number>;
}
export interface AssetTermTable {
  tenant_id: string;
  term: string;
  asset_id: string;
}
export interface AssetUseTable {
  tenant_id: string;
  use: string;
  asset_id: string;
  environment_id: string;
  facet: number;
  risk_score: number;
}
export interface AssetFindingTable {
  id: string;
  tenant_id: string;
  asset_id: string;
  environment_id: string;
  rule: string;
  severity: 'info' | 'low' | 'medium' | 'high' | 'critical';
  message: string;
  evidence: string | null;
  remedy: string;
  first_seen_at: DefaultInstant;
  last_seen_at: DefaultInstant;
  gone_at: NullableInstant;
  accepted_at: NullableInstant;
  accepted_by: ColumnType<string | null, never, string | null>;
  accepted_reason: ColumnType<string | null, never, string | null>;
  accepted_until: NullableInstant;
  facet: ColumnType<number, never, never>;
}
export interface ScanRunTable {
  id: string;
  tenant_id: string;
  job_id: string;
  scope: string;
  previous_id: string | null;
  environment_id: string;
  sensitivity: string;
  exposure: string;
  data_lifetime_years: number;
  profile: 'quick' | 'full';
  targets: number;
  requested_by: string;
  created_at: DefaultInstant;
  finished_at: NullableInstant;
}
export interface ScanTargetTable {
  tenant_id: string;
  scan_id: string;
  seq: number;
  target: string;
  status: Generated<'pending' | 'answered' | 'unreachable' | 'refused'>;
  change: ColumnType<'new' | 'changed' | 'same' | 'gone' | 'absent' | null, never, string>;
  changed: Generated<string[]>;
  error: ColumnType<string | null, never, string | null>;
  facts: ColumnType<unknown, never, string | null>;
  asset_id: ColumnType<string | null, never, string | null>;
  recorded_at: NullableInstant;
}
export interface ProtectionPolicyTable {
  id: string;
  tenant_id: string;
  name: string;
  built_in: Generated<boolean>;
  version: Generated<number>;
  created_at: DefaultInstant;
  updated_at: DefaultInstant;
}
export interface ProtectionPolicyVersionTable {
  tenant_id: string;
  policy_id: string;
  version: number;
  spec: Json;
  created_by: string;
  created_at: DefaultInstant;
}
export interface JobTable {
  id: string;
  tenant_id: string;
  kind: string;
  status: Generated<'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled'>;
  asset_id: string | null;
  policy_id: string | null;
  policy_version: number | null;
  input: Json;
  result: ColumnType<unknown, string | null | undefined, string | null>;
  requested_by: string;
  priority: Generated<number>;
  run_at: DefaultInstant;
  attempts: Generated<number>;
  attempts_max: Generated<number>;
  progress: Generated<number>;
  lease_token: ColumnType<string | null, string | null | undefined, string | null>;
  lease_until: NullableInstant;
  cancel_requested_at: NullableInstant;
  error_code: ColumnType<string | null, string | null | undefined, string | null>;
  error_message: ColumnType<string | null, string | null | undefined, string | null>;
  created_at: DefaultInstant;
  started_at: NullableInstant;
  finished_at: NullableInstant;
  schedule_id: ColumnType<string | null, string | null | undefined, never>;
  due_at: ColumnType<Date | null, Date | null | undefined, never>;
}
export interface JobScheduleTable {
  id: string;
  tenant_id: string;
  name: string;
  kind: string;
  input: Json;
  cron: string;
  time_zone: string;
  priority: Generated<number>;
  enabled: Generated<boolean>;
  disabled_reason: ColumnType<string | null, string | null | undefined, string | null>;
  next_run_at: NullableInstant;
  last_run_at: NullableInstant;
  last_job_id: ColumnType<string | null, string | null | undefined, string | null>;
  created_by: string;
  created_at: DefaultInstant;
  updated_at: DefaultInstant;
  version: Generated<number>;
}
export interface ProtectionArtifactTable {
  id: string;
  tenant_id: string;
  job_id: string;
  asset_id: string;
  policy_id: string;
  policy_version: number;
  kind: 'data-key' | 'tls-bundle' | 'jwks' | 'certificate';
  content: Json;
  created_at: DefaultInstant;
  handed_out_at: NullableInstant;
  withdrawn_at: NullableInstant;
  former_profile: ColumnType<unknown, string | null | undefined, never>;
}
export interface IssuedCertificateTable {
  id: string;
  tenant_id: string;
  artifact_id: string;
  chain_pem: string;
  sha256: string;
  not_before: Instant;
  not_after: Instant;
  created_by: string;
  created_at: DefaultInstant;
}
export interface AssetKeyTable {
  id: string;
  tenant_id: string;
  asset_id: string;
  artifact_id: string;
  purpose: 'recipient' | 'data-key' | 'tls-server' | 'token-signing' | 'certificate';
  algorithm: string;
  public_key: Uint8Array | null;
  wrap_suite: string;
  wrapped: Uint8Array;
  kek_version: number | null;
  created_at: DefaultInstant;
}
export interface IdempotencyKeyTable {
  tenant_id: string;
  actor_id: string;
  key: string;
  request_hash: Uint8Array;
  response: ColumnType<unknown, string | null, string | null>;
  created_at: DefaultInstant;
}
export interface OutboxTable {
  id: string;
  tenant_id: string;
  topic: string;
  payload: Json;
  created_at: DefaultInstant;
}
export interface SchemaMigrationTable {
  version: number;
  name: string;
  checksum: string;
  applied_at: DefaultInstant;
}

export interface QuotaOverrideTable {
  tenant_id: string;
  kind: QuotaKind;
  quota: bigint;
}

/** The tables as Kysely sees them; the truth is in `migrations/`. */
export interface Schema
  extends AccessTables,
    SessionTables,
    DeviceTables,
    PeopleTables,
    SecondFactorTables,
    ApprovalTables {
  organization: OrganizationTable;
  quota_override: QuotaOverrideTable;
  environment: EnvironmentTable;
  installation: InstallationTable;
  root_key_seal: RootKeySealTable;
  log_key: LogKeyTable;
  tenant_key: TenantKeyTable;
  subject_key: SubjectKeyTable;
  audit_event: AuditEventTable;
  audit_pending: AuditPendingTable;
  audit_leaf: AuditLeafTable;
  audit_head: AuditHeadTable;
  audit_tenant_head: AuditTenantHeadTable;
  audit_checkpoint: AuditCheckpointTable;
  auth_refusal_count: AuthRefusalCountTable;
  asset: AssetTable;
  asset_term: AssetTermTable;
  asset_use: AssetUseTable;
  asset_finding: AssetFindingTable;
  scan_run: ScanRunTable;
  scan_target: ScanTargetTable;
  protection_policy: ProtectionPolicyTable;
  protection_policy_version: ProtectionPolicyVersionTable;
  job: JobTable;
  job_schedule: JobScheduleTable;
  protection_artifact: ProtectionArtifactTable;
  asset_key: AssetKeyTable;
  issued_certificate: IssuedCertificateTable;
  idempotency_key: IdempotencyKeyTable;
  outbox: OutboxTable;
  schema_migration: SchemaMigrationTable;
}

export type Sql = Kysely<Schema>;
export type Row<T extends keyof Schema> = Selectable<Schema[T]>;
export type NewRow<T extends keyof Schema> = Insertable<Schema[T]>;
