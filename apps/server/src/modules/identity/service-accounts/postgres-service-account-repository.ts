import { sql } from 'kysely';
import type { ActorId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { ServiceAccount, ServiceAccountRepository } from './service-account-repository.ts';

const selectAccounts = sql`
  SELECT s.id, s.display_name AS name, a.description, a.owner_id AS "ownerId", s.status, s.created_at AS "createdAt", s.version,
         ARRAY(SELECT DISTINCT coalesce(g.role, c.name)
                 FROM access_grant g
                 LEFT JOIN custom_role c ON c.tenant_id = g.tenant_id AND c.id = g.custom_role_id
                WHERE g.tenant_id = s.tenant_id AND g.subject_id = s.id AND g.effect = 'allow' AND g.revoked_at IS NULL
                  AND num_nonnulls(g.environment_id, g.project_id, g.service_id) = 0
                  AND (g.not_before IS NULL OR g.not_before <= now()) AND (g.expires_at IS NULL OR g.expires_at > now())
                ORDER BY 1) AS roles
    FROM subject s JOIN service_account a ON a.tenant_id = s.tenant_id AND a.id = s.id`;

export class PostgresServiceAccountRepository implements ServiceAccountRepository {
  async list(tx: Transaction, { after, limit }: { after: string | null; limit: number }) {
    const { rows } = await sql<ServiceAccount>`${selectAccounts}
      WHERE s.tenant_id = ${tx.tenantId} AND s.status <> 'offboarded' AND (${after}::uuid IS NULL OR s.id > ${after}::uuid)
      ORDER BY s.id LIMIT ${limit}`.execute(sqlOf(tx));
    return rows;
  }

  async find(tx: Transaction, id: string): Promise<ServiceAccount | null> {
    const { rows } = await sql<ServiceAccount>`${selectAccounts}
      WHERE s.id = ${id} AND s.status <> 'offboarded'`.execute(sqlOf(tx));
    return rows[0] ?? null;
  }

  async hold(tx: Transaction, id: string): Promise<ServiceAccount | null> {
    await sql`SELECT id FROM subject WHERE id = ${id} FOR UPDATE`.execute(sqlOf(tx));
    return this.find(tx, id);
  }

  async insert(
    tx: Transaction,
    { id, name, description, ownerId }: { id: ActorId; name: string; description: string; ownerId: string | null },
  ): Promise<void> {
    await sqlOf(tx)
      .insertInto('subject')
      .values({ id, tenant_id: tx.tenantId, kind: 'service-account', display_name: name })
      .execute();
    await sqlOf(tx)
      .insertInto('service_account')
      .values({ id, tenant_id: tx.tenantId, description, owner_id: ownerId })
      .execute();
  }

  async setStatus(tx: Transaction, id: string, status: 'active' | 'suspended' | 'offboarded'): Promise<void> {
    await sqlOf(tx).updateTable('subject').set({ status, version: sql`version + 1` }).where('id', '=', id).execute();
  }

  async change(
    tx: Transaction,
    id: string,
    { name, description, ownerId }: { name: string; description: string; ownerId: string | null },
  ): Promise<void> {
    await sqlOf(tx)
      .updateTable('subject')
      .set({ display_name: name, version: sql`version + 1` })
      .where('id', '=', id)
      .execute();
    await sqlOf(tx)
      .updateTable('service_account')
      .set({ description, owner_id: ownerId })
      .where('id', '=', id)
      .execute();
  }

  async count(tx: Transaction): Promise<number> {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('service_account ' || ${tx.tenantId}, 0))`.execute(
      sqlOf(tx),
    );
    const { rows } = await sql<{ count: bigint }>`
      SELECT count(*) AS count FROM subject
       WHERE tenant_id = ${tx.tenantId} AND kind = 'service-account' AND status <> 'offboarded'`.execute(sqlOf(tx));
    return Number(rows[0]?.count ?? 0n);
  }

  async isActiveUser(tx: Transaction, id: string): Promise<boolean> {
    const row = await sqlOf(tx)
      .selectFrom('subject')
      .select('id')
      .where('id', '=', id)
      .where('kind', '=', 'user')
      .where('status', '=', 'active')
      .executeTakeFirst();
    return row !== undefined;
  }
}
