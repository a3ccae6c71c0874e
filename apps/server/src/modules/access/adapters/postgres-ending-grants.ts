import { sql } from 'kysely';
import type { Ending, EndingAsked, EndingSource } from '../../../kernel/ending.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { reachCondition } from '../../../platform/postgres/reach-condition.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import { pathOf } from './place-columns.ts';

/** Grants that give something and end in a time, where a reach shows them; each goes by the name of who has it. */
export class PostgresEndingGrants implements EndingSource {
  async ending(tx: Transaction, { reach, from, until, listed, countMax }: EndingAsked): Promise<Ending> {
    const visible = reachCondition([pathOf], reach) ?? sql`true`;
    const { rows } = await sql<{ id: string; name: string; endsAt: Date; count: bigint }>`
      SELECT ending.id, s.display_name AS name, ending.expires_at AS "endsAt", ending.count FROM (
        SELECT id, tenant_id, subject_id, expires_at, count(*) OVER () AS count FROM (
          SELECT t.id, t.tenant_id, t.subject_id, t.expires_at FROM access_grant AS t
           WHERE t.tenant_id = ${tx.tenantId}::uuid AND t.revoked_at IS NULL AND t.effect = 'allow'
             AND t.expires_at > ${from} AND t.expires_at <= ${until} AND ${visible}
           ORDER BY t.expires_at, t.id LIMIT ${sql.lit(countMax)}) AS counted
         ORDER BY expires_at, id LIMIT ${sql.lit(listed)}) AS ending
        JOIN subject AS s ON s.tenant_id = ending.tenant_id AND s.id = ending.subject_id
       ORDER BY ending.expires_at, ending.id`.execute(sqlOf(tx));
    return {
      count: Number(rows[0]?.count ?? 0n),
      next: rows.map(({ id, name, endsAt }) => ({ id, name, endsAt })),
    };
  }
}
