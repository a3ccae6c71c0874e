import { type RawBuilder, sql } from 'kysely';
import { type ActorId, idFrom } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { reachCondition } from '../../../platform/postgres/reach-condition.ts';
import type { Row } from '../../../platform/postgres/schema.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { StoredGrant } from '../domain/grant.ts';
import type { GrantFilter, GrantRepository, NewGrant } from '../ports/grant-repository.ts';
import { lowestOf, pathOf, placeOfRow } from './place-columns.ts';
import { someAdministrators } from './postgres-administrators.ts';

type GrantRow = Row<'access_grant'> & { readonly role_name: string | null };

function grantOf(row: GrantRow): StoredGrant {
  return {
    id: row.id,
    subjectId: idFrom<ActorId>(row.subject_id),
    effect: row.effect,
    role: row.role ?? row.role_name ?? '',
    customRoleId: row.custom_role_id,
    place: placeOfRow(row),
    notBefore: row.not_before,
    expiresAt: row.expires_at,
    rules: row.conditions,
    source: row.source,
    grantedBy: row.granted_by === null ? null : idFrom<ActorId>(row.granted_by),
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  };
}

async function select(tx: Transaction, rest: RawBuilder<unknown>): Promise<readonly StoredGrant[]> {
  const { rows } = await sql<GrantRow>`
    SELECT t.*, r.name AS role_name FROM access_grant AS t
      LEFT JOIN custom_role AS r ON r.tenant_id = t.tenant_id AND r.id = t.custom_role_id
     WHERE t.tenant_id = ${tx.tenantId}::uuid AND ${rest}`.execute(sqlOf(tx));
  return rows.map(grantOf);
}

export class PostgresGrantRepository implements GrantRepository {
  async holdSubject(tx: Transaction, subjectId: string): Promise<{ readonly kind: string } | null> {
    const row = await sqlOf(tx)
      .selectFrom('subject')
      .select('kind')
      .where('id', '=', subjectId)
      .where('status', '=', 'active')
      .forUpdate()
      .executeTakeFirst();
    return row ?? null;
  }

  async nameOf(tx: Transaction, subjectId: string): Promise<string | null> {
    const query = sqlOf(tx).selectFrom('subject').select('display_name').where('id', '=', subjectId);
    return (await query.executeTakeFirst())?.display_name ?? null;
  }

  async count(tx: Transaction, subjectId: string): Promise<number> {
    const row = await sqlOf(tx)
      .selectFrom('access_grant')
      .select((builder) => builder.fn.countAll<bigint>().as('count'))
      .where('tenant_id', '=', tx.tenantId)
      .where('subject_id', '=', subjectId)
      .where('revoked_at', 'is', null)
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  async insert(tx: Transaction, grant: NewGrant): Promise<StoredGrant> {
    const place = lowestOf(grant.place);
    const row = await sqlOf(tx)
      .insertInto('access_grant')
      .values({
        id: grant.id,
        tenant_id: tx.tenantId,
        subject_id: grant.subjectId,
        effect: grant.effect,
        role: grant.role.customId === null ? grant.role.name : null,
        custom_role_id: grant.role.customId,
        environment_id: place.environmentId,
        project_id: place.projectId,
        service_id: place.serviceId,
        conditions: JSON.stringify(grant.rules),
        not_before: grant.notBefore,
        expires_at: grant.expiresAt,
        source: grant.source,
        granted_by: grant.grantedBy,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return grantOf({ ...row, role_name: grant.role.name });
  }

  async find(tx: Transaction, id: string): Promise<StoredGrant | null> {
    return (await select(tx, sql`t.id = ${id}::uuid`))[0] ?? null;
  }

  async findForUpdate(tx: Transaction, id: string): Promise<StoredGrant | null> {
    return (await select(tx, sql`t.id = ${id}::uuid FOR UPDATE OF t`))[0] ?? null;
  }

  async list(tx: Transaction, { subjectId, includeRevoked, reach, before, limit }: GrantFilter) {
    const visible = reachCondition([pathOf], reach);
    const conditions = [
      ...(subjectId === undefined ? [] : [sql`t.subject_id = ${subjectId}::uuid`]),
      ...(includeRevoked ? [] : [sql`t.revoked_at IS NULL`]),
      ...(before === null ? [] : [sql`t.id < ${before}::uuid`]),
      ...(visible === null ? [] : [visible]),
      sql`true`,
    ];
    return select(tx, sql`${sql.join(conditions, sql` AND `)} ORDER BY t.id DESC LIMIT ${sql.lit(limit)}`);
  }

  async revoke(tx: Transaction, id: string): Promise<void> {
    const revoked = { revoked_at: sql<Date>`now()` };
    await sqlOf(tx).updateTable('access_grant').set(revoked).where('id', '=', id).execute();
  }

  async countAdministrators(tx: Transaction): Promise<number> {
    return (await someAdministrators(tx)).length;
  }
}
