import { sql } from 'kysely';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import {
  defaultIdentitySettings,
  type IdentitySettings,
  type IdentitySettingsRepository,
} from './identity-settings-repository.ts';

export class PostgresIdentitySettingsRepository implements IdentitySettingsRepository {
  async get(tx: Transaction): Promise<IdentitySettings> {
    const row = await sqlOf(tx)
      .selectFrom('identity_settings')
      .select(['api_key_days_max as apiKeyDaysMax', 'invitation_hours as invitationHours', 'version'])
      .where('tenant_id', '=', tx.tenantId)
      .executeTakeFirst();
    return row ?? defaultIdentitySettings;
  }

  async put(
    tx: Transaction,
    { apiKeyDaysMax, invitationHours }: Omit<IdentitySettings, 'version'>,
    expectedVersion: number,
  ): Promise<IdentitySettings | null> {
    const { rows } = await sql<IdentitySettings>`
      INSERT INTO identity_settings AS i (tenant_id, api_key_days_max, invitation_hours, version)
      SELECT ${tx.tenantId}, ${apiKeyDaysMax}, ${invitationHours}, 1
       WHERE ${expectedVersion}::int = 0 OR EXISTS (SELECT FROM identity_settings WHERE tenant_id = ${tx.tenantId})
      ON CONFLICT (tenant_id) DO UPDATE
         SET api_key_days_max = excluded.api_key_days_max, invitation_hours = excluded.invitation_hours, version = i.version + 1
       WHERE i.version = ${expectedVersion}::int
      RETURNING api_key_days_max AS "apiKeyDaysMax", invitation_hours AS "invitationHours", version`.execute(sqlOf(tx));
    return rows[0] ?? null;
  }
}
