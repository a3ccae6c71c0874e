import type { ColumnType, Generated } from 'kysely';
import type { DefaultInstant, Instant, Json, Nullable, NullableInstant } from './columns.ts';

/** Why a session needs a new password before anything else. */
export type MustChange = 'administrator' | 'breached' | 'expired';

export interface SessionKeyTable {
  kid: string;
  algorithm: 'Ed25519' | 'ML-DSA-65' | 'HMAC-SHA-256';
  public_key: Nullable<Uint8Array>;
  suite: string;
  wrapped: Uint8Array;
  created_at: DefaultInstant;
  signs_from: ColumnType<Date, Date, never>;
}
export interface SecuritySettingsTable {
  tenant_id: string;
  document: Json;
  version: Generated<number>;
  updated_at: DefaultInstant;
  updated_by: string;
}
export interface SessionTable {
  id: string;
  tenant_id: string;
  subject_id: string;
  transport: 'cookie' | 'token';
  created_at: DefaultInstant;
  last_used_at: DefaultInstant;
  idle_seconds: number;
  ends_at: Instant;
  authenticated_at: Instant;
  mfa_at: NullableInstant;
  csrf_hash: Nullable<Uint8Array>;
  must_change: Nullable<MustChange>;
  address_key_id: Nullable<string>;
  address_suite: Nullable<string>;
  address: Nullable<Uint8Array>;
  user_agent: Nullable<string>;
  revoked_at: NullableInstant;
  revoked_reason: Nullable<
    | 'signed-out'
    | 'revoked'
    | 'refresh-reused'
    | 'session-limit'
    | 'password-changed'
    | 'password-reset'
    | 'factors-reset'
    | 'subject-ended'
  >;
}
export interface RefreshTokenTable {
  token_hash: Uint8Array;
  tenant_id: string;
  session_id: string;
  generation: number;
  created_at: DefaultInstant;
  replaced_at: NullableInstant;
}
export interface SignInTicketTable {
  token_hash: Uint8Array;
  tenant_id: string;
  subject_id: string;
  transport: 'cookie' | 'token';
  authenticated_at: Instant;
  must_change: Nullable<MustChange>;
  expires_at: Instant;
  attempts_left: number;
  network_hash: Nullable<Uint8Array>;
}
export interface PasswordStateTable {
  tenant_id: string;
  subject_id: string;
  changed_at: DefaultInstant;
  must_change: Nullable<'administrator' | 'breached'>;
}
export interface PasswordHistoryTable {
  id: string;
  tenant_id: string;
  subject_id: string;
  password_hash: string;
  replaced_at: DefaultInstant;
}
export interface PasswordResetTable {
  token_hash: Uint8Array;
  tenant_id: string;
  subject_id: string;
  created_by: string;
  created_at: DefaultInstant;
  expires_at: Instant;
}

export interface CredentialResetTable {
  tenant_id: string;
  id: string;
  subject_id: string;
  kind: 'password' | 'factors';
  created_by: string;
  created_at: DefaultInstant;
}

/** Sessions, passwords and the settings for them (ACC-4); failures and device codes are reached by functions alone. */
export interface SessionTables {
  session_key: SessionKeyTable;
  security_settings: SecuritySettingsTable;
  session: SessionTable;
  refresh_token: RefreshTokenTable;
  sign_in_ticket: SignInTicketTable;
  password_state: PasswordStateTable;
  password_history: PasswordHistoryTable;
  password_reset: PasswordResetTable;
  credential_reset: CredentialResetTable;
}
