import type { ColumnType, Generated } from 'kysely';
import type { DefaultInstant, Instant, NullableInstant } from './columns.ts';

type Counter = ColumnType<bigint, bigint | undefined, bigint>;

export interface TotpFactorTable {
  tenant_id: string;
  subject_id: string;
  state: 'pending' | 'active';
  id: string;
  suite: string;
  wrapped: Uint8Array;
  kek_version: number;
  last_step: Counter;
  attempts: Generated<number>;
  created_at: DefaultInstant;
  last_used_at: NullableInstant;
}
export interface RecoveryCodeTable {
  tenant_id: string;
  subject_id: string;
  code_hash: Uint8Array;
  created_at: DefaultInstant;
  used_at: NullableInstant;
}
export interface PasskeyTable {
  id: string;
  tenant_id: string;
  subject_id: string;
  name: string;
  credential_id: Uint8Array;
  public_key: Uint8Array;
  algorithm: number;
  sign_count: ColumnType<bigint, bigint, bigint>;
  transports: string[];
  is_backed_up: boolean;
  created_at: DefaultInstant;
  last_used_at: NullableInstant;
  version: Generated<number>;
}
export interface PasskeyChallengeTable {
  tenant_id: string;
  id: string;
  purpose: 'register' | 'sign-in' | 'second-factor' | 'step-up';
  binding: Uint8Array;
  challenge: Uint8Array;
  expires_at: Instant;
}
export interface SecondFactorFailureTable {
  tenant_id: string;
  subject_id: string;
  failures: Generated<number>;
  locks: Generated<number>;
  locked_until: NullableInstant;
}

export interface SecondFactorTables {
  totp_factor: TotpFactorTable;
  recovery_code: RecoveryCodeTable;
  passkey: PasskeyTable;
  passkey_challenge: PasskeyChallengeTable;
  second_factor_failure: SecondFactorFailureTable;
}
