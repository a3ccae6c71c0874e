import { sql } from 'kysely';
import type { Ending, EndingAsked, EndingSource } from '../../../kernel/ending.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { reachCondition } from '../../../platform/postgres/reach-condition.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';

/** Active assets whose certificate ends in a time. An index holds those of each environment in order of their end. */
export class PostgresEndingCertificates implements EndingSource {
  async ending(tx: Transaction, { reach, from, until, listed, countMax }: EndingAsked): Promise<Ending> {
    const within = reachCondition([sql`e.id`], reach) ?? sql`true`;
    const first = (limit: number) => sql`
      SELECT a.* FROM environment AS e CROSS JOIN LATERAL (
        SELECT t.id, t.certificate_ends_at FROM asset AS t
         WHERE t.tenant_id = ${tx.tenantId}::uuid AND t.environment_id = e.id AND t.archived_at IS NULL
           AND t.certificate_ends_at >= ${from} AND t.certificate_ends_at <= ${until}
         ORDER BY t.certificate_ends_at, t.id LIMIT ${sql.lit(limit)}) AS a
       WHERE e.tenant_id = ${tx.tenantId}::uuid AND ${within}`;
    const { rows } = await sql<{ id: string; name: string; endsAt: Date }>`
      SELECT a.id, a.name, a.certificate_ends_at AS "endsAt"
        FROM (SELECT * FROM (${first(listed)}) AS ending ORDER BY certificate_ends_at, id LIMIT ${sql.lit(listed)}) AS k
        JOIN asset AS a ON a.tenant_id = ${tx.tenantId}::uuid AND a.id = k.id
       ORDER BY a.certificate_ends_at, a.id`.execute(sqlOf(tx));
    // Few end: they were all read.
    if (rows.length < listed) return { count: rows.length, next: rows };
    const counted = await sql<{ count: bigint }>`
      SELECT count(*) AS count FROM (SELECT FROM (${first(countMax)}) AS ending LIMIT ${sql.lit(countMax)}) AS k`.execute(
      sqlOf(tx),
    );
    return { count: Number(counted.rows[0]?.count ?? 0n), next: rows };
  }
}
