import type { Reach } from '@quantumvault/access';
import { sql } from 'kysely';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { reachCondition } from '../../../platform/postgres/reach-condition.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';

/**
 * Environments that a listing may show: assets, findings and scans stand in one each. Null: all, for whoever reaches the
 * whole organization. An environment that was asked for and lies outside leaves none.
 */
export async function environmentsWithin(
  tx: Transaction,
  { reach, environmentId }: { readonly reach: Reach | null; readonly environmentId?: string | undefined },
): Promise<readonly string[] | null> {
  if (reach === null) return null;
  const condition = reachCondition([sql`e.id`], reach) ?? sql`true`;
  const wanted = environmentId === undefined ? sql`true` : sql`e.id = ${environmentId}::uuid`;
  const { rows } = await sql<{ id: string }>`
    SELECT e.id FROM environment AS e
     WHERE e.tenant_id = ${tx.tenantId}::uuid AND ${wanted} AND ${condition} ORDER BY e.id`.execute(sqlOf(tx));
  return rows.map(({ id }) => id);
}
