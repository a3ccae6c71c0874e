import type { QuotaKind } from '@quantumvault/api';
import { sql } from 'kysely';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { QuotaStore } from '../ports/quota-store.ts';

export class PostgresQuotaStore implements QuotaStore {
  async used(tx: Transaction): Promise<ReadonlyMap<QuotaKind, number>> {
    const { rows } = await sql<{ kind: QuotaKind; used: string }>`
      SELECT kind, sum(used)::text AS used FROM (
        SELECT kind, used FROM quota_use UNION ALL SELECT kind, change FROM quota_note) AS parts
      GROUP BY kind`.execute(sqlOf(tx));
    return new Map(rows.map(({ kind, used }) => [kind, Number(used)]));
  }

  async overrides(tx: Transaction): Promise<ReadonlyMap<QuotaKind, number>> {
    const rows = await sqlOf(tx).selectFrom('quota_override').select(['kind', 'quota']).execute();
    return new Map(rows.map(({ kind, quota }) => [kind, Number(quota)]));
  }

  async override(tx: Transaction, kind: QuotaKind, quota: number | null): Promise<void> {
    if (quota === null) {
      await sqlOf(tx).deleteFrom('quota_override').where('kind', '=', kind).execute();
      return;
    }
    const value = BigInt(quota);
    await sqlOf(tx)
      .insertInto('quota_override')
      .values({ tenant_id: tx.tenantId, kind, quota: value })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'kind']).doUpdateSet({ quota: value }))
      .execute();
  }
}
