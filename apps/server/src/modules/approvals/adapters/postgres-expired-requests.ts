import { sql } from 'kysely';
import { idFrom, type TenantId } from '../../../kernel/ids.ts';
import type { Sql } from '../../../platform/postgres/schema.ts';
import type { ExpiredRequests } from '../ports/approval-repository.ts';

export class PostgresExpiredRequests implements ExpiredRequests {
  readonly #db: Sql;
  constructor(options: { readonly db: Sql }) {
    this.#db = options.db;
  }

  async list(limit: number) {
    const { rows } = await sql<{ id: string; tenantId: string }>`
      SELECT id, tenant_id AS "tenantId" FROM approval_request
       WHERE status IN ('pending', 'approved') AND expires_at <= now()
       ORDER BY expires_at LIMIT ${sql.lit(limit)}`.execute(this.#db);
    return rows.map(({ id, tenantId }) => ({ id, tenantId: idFrom<TenantId>(tenantId) }));
  }
}
