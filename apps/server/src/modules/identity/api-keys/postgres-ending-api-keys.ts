import { sql } from 'kysely';
import type { Ending, EndingAsked, EndingSource } from '../../../kernel/ending.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';

/** API keys of the organization that end in a time and that no other key has replaced: their programs stop with them. */
export class PostgresEndingApiKeys implements EndingSource {
  async ending(tx: Transaction, { from, until, listed, countMax }: EndingAsked): Promise<Ending> {
    const { rows } = await sql<{ id: string; name: string; endsAt: Date; count: bigint }>`
      SELECT id, name, "endsAt", count(*) OVER () AS count FROM (
        SELECT k.id, k.name, k.expires_at AS "endsAt" FROM api_key AS k
         WHERE k.tenant_id = ${tx.tenantId}::uuid AND k.revoked_at IS NULL AND k.expires_at > ${from} AND k.expires_at <= ${until}
           AND NOT EXISTS (SELECT FROM api_key AS r WHERE r.tenant_id = k.tenant_id AND r.replaces_id = k.id)
         ORDER BY k.expires_at, k.id LIMIT ${sql.lit(countMax)}) AS ending
       ORDER BY "endsAt", id LIMIT ${sql.lit(listed)}`.execute(sqlOf(tx));
    return {
      count: Number(rows[0]?.count ?? 0n),
      next: rows.map(({ id, name, endsAt }) => ({ id, name, endsAt })),
    };
  }
}
