import { sql } from 'kysely';
import type { RoleId } from '../../../kernel/ids.ts';
import { isPermission, type Permission } from '../../../kernel/permissions.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { Row } from '../../../platform/postgres/schema.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { CustomRole } from '../domain/role.ts';
import type { RoleRepository } from '../ports/role-repository.ts';

const roleOf = (row: Row<'custom_role'>): CustomRole => ({
  id: row.id,
  name: row.name,
  description: row.description,
  permissions: row.permissions.filter(isPermission),
  createdAt: row.created_at,
  version: row.version,
});
const optional = (row: Row<'custom_role'> | undefined): CustomRole | null => (row === undefined ? null : roleOf(row));

const existing = (tx: Transaction) =>
  sqlOf(tx).selectFrom('custom_role').selectAll().where('tenant_id', '=', tx.tenantId).where('deleted_at', 'is', null);

export class PostgresRoleRepository implements RoleRepository {
  async count(tx: Transaction): Promise<number> {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('custom_role ' || ${tx.tenantId}, 0))`.execute(sqlOf(tx));
    const row = await sqlOf(tx)
      .selectFrom('custom_role')
      .select((builder) => builder.fn.countAll<bigint>().as('count'))
      .where('tenant_id', '=', tx.tenantId)
      .where('deleted_at', 'is', null)
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  async insert(
    tx: Transaction,
    role: { id: RoleId; name: string; description: string; permissions: readonly Permission[] },
  ): Promise<CustomRole | null> {
    const { rows } = await sql<Row<'custom_role'>>`
      INSERT INTO custom_role (id, tenant_id, name, description, permissions)
      VALUES (${role.id}, ${tx.tenantId}, ${role.name}, ${role.description}, ${[...role.permissions]}::text[])
      ON CONFLICT (tenant_id, lower(name)) WHERE deleted_at IS NULL DO NOTHING
      RETURNING *`.execute(sqlOf(tx));
    return optional(rows[0]);
  }

  async find(tx: Transaction, id: string): Promise<CustomRole | null> {
    return optional(await existing(tx).where('id', '=', id).executeTakeFirst());
  }

  async peekByName(tx: Transaction, name: string): Promise<CustomRole | null> {
    return optional(await existing(tx).where(sql`lower(name)`, '=', name).executeTakeFirst());
  }

  async findByName(tx: Transaction, name: string): Promise<CustomRole | null> {
    return optional(await existing(tx).where(sql`lower(name)`, '=', name).forKeyShare().executeTakeFirst());
  }

  async findForUpdate(tx: Transaction, id: string): Promise<CustomRole | null> {
    return optional(await existing(tx).where('id', '=', id).forUpdate().executeTakeFirst());
  }

  async list(tx: Transaction, page: { after: string | null; limit: number }): Promise<readonly CustomRole[]> {
    let query = existing(tx);
    if (page.after !== null) query = query.where('id', '>', page.after);
    return (await query.orderBy('id').limit(page.limit).execute()).map(roleOf);
  }

  async change(
    tx: Transaction,
    id: string,
    change: { name: string; description: string; permissions: readonly Permission[] },
  ): Promise<CustomRole | null> {
    // The unique index would stop a name that is taken too, and end the transaction with it.
    const { rows } = await sql<Row<'custom_role'>>`
      UPDATE custom_role AS r
         SET name = ${change.name}, description = ${change.description}, permissions = ${[...change.permissions]}::text[],
             version = version + 1
       WHERE r.tenant_id = ${tx.tenantId}::uuid AND r.id = ${id}::uuid
         AND NOT EXISTS (SELECT FROM custom_role AS o WHERE o.tenant_id = r.tenant_id AND lower(o.name) = ${change.name}
                            AND o.id <> r.id AND o.deleted_at IS NULL)
      RETURNING *`.execute(sqlOf(tx));
    return optional(rows[0]);
  }

  async isHeld(tx: Transaction, id: string): Promise<boolean> {
    const row = await sqlOf(tx)
      .selectFrom('access_grant')
      .select('id')
      .where('tenant_id', '=', tx.tenantId)
      .where('custom_role_id', '=', id)
      .where('revoked_at', 'is', null)
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  }

  async delete(tx: Transaction, id: string): Promise<void> {
    await sqlOf(tx).updateTable('custom_role').set({ deleted_at: sql<Date>`now()` }).where('id', '=', id).execute();
  }
}
