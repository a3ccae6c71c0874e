import { defaultSecuritySettings, type SecuritySettings } from '@quantumvault/api';
import { sql } from 'kysely';
import type { ActorId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import { parseSecuritySettings } from './parse-settings.ts';
import type { SecuritySettingsStore, StoredSecuritySettings } from './settings-store.ts';

export class PostgresSecuritySettingsStore implements SecuritySettingsStore {
  async read(tx: Transaction): Promise<StoredSecuritySettings> {
    const row = await sqlOf(tx).selectFrom('security_settings').select(['document', 'version']).executeTakeFirst();
    return row === undefined
      ? { settings: defaultSecuritySettings, version: 0 }
      : { settings: parseSecuritySettings(row.document), version: row.version };
  }

  async write(
    tx: Transaction,
    { settings, expectedVersion, by }: { settings: SecuritySettings; expectedVersion: number; by: ActorId },
  ): Promise<boolean> {
    const values = { document: JSON.stringify(settings), updated_by: by };
    if (expectedVersion === 0) {
      const inserted = await sqlOf(tx)
        .insertInto('security_settings')
        .values({ ...values, tenant_id: tx.tenantId })
        .onConflict((conflict) => conflict.column('tenant_id').doNothing())
        .returning('version')
        .executeTakeFirst();
      return inserted !== undefined;
    }
    const updated = await sqlOf(tx)
      .updateTable('security_settings')
      .set({ ...values, version: sql`version + 1`, updated_at: sql`now()` })
      .where('version', '=', expectedVersion)
      .returning('version')
      .executeTakeFirst();
    return updated !== undefined;
  }
}
