import type { Reach } from '@quantumvault/access';
import type { Readiness } from '@quantumvault/inventory';
import { sql } from 'kysely';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import { environmentsWithin } from './environments-within.ts';

interface TallyRow {
  /** YYYY-MM-DD in UTC; null: before the days that were asked for. */
  readonly day: string | null;
  /** As in `asset.facet`: 0 is low. */
  readonly band: number;
  readonly readiness: Readiness;
  readonly change: string;
}

/** What the triggers of `0031_overview.sql` have counted, for the environments that a reach shows. */
export class PostgresAssetTally {
  /** The changes of each day from `since` on, and all before it as one; what was not added up yet is among them. */
  async changes(tx: Transaction, { reach, since }: { readonly reach: Reach | null; readonly since: string }) {
    const environments = await environmentsWithin(tx, { reach });
    const within = environments === null ? sql`true` : sql`t.environment_id = ANY (${[...environments]}::uuid[])`;
    const of = (table: 'asset_tally' | 'asset_tally_note') => sql`
      SELECT t.day, t.band, t.readiness, t.change FROM ${sql.table(table)} AS t
       WHERE t.tenant_id = ${tx.tenantId}::uuid AND ${within}`;
    const { rows } = await sql<TallyRow>`
      SELECT CASE WHEN day >= ${since}::date THEN day::text END AS day, band, readiness, sum(change)::text AS change
        FROM (${of('asset_tally')} UNION ALL ${of('asset_tally_note')}) AS t
       GROUP BY 1, 2, 3 HAVING sum(change) <> 0`.execute(sqlOf(tx));
    return rows.map((row) => ({ ...row, change: Number(row.change) }));
  }
}
