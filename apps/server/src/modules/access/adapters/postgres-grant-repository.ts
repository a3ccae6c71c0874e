import { type RawBuilder, sql } from 'kysely';
import type { Place } from '../../../kernel/access.ts';
import { type ActorId, idFrom } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { Row } from '../../../platform/postgres/schema.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { StoredGrant } from '../domain/grant.ts';
import type { GrantFilter, GrantRepository, NewGrant } from '../ports/grant-repository.ts';

type GrantRow = Row<'access_grant'> & { readonly role_name: string | null };

function grantOf(row: GrantRow): StoredGrant {
  const { environment_id: environmentId, project_id: projectId, service_id: serviceId } = row;
  const isPlaced = environmentId !== null || projectId !== null || serviceId !== null;
  return {
    id: row.id,
    subjectId: idFrom<ActorId>(row.subject_id),
    effect: row.effect,
    role: row.role ?? row.role_name ?? '',
    customRoleId: row.custom_role_id,
    place: isPlaced ? { environmentId, projectId, serviceId } : null,
    notBefore: row.not_before,
    expiresAt: row.expires_at,
    rules: row.conditions,
    source: row.source,
    grantedBy: row.granted_by === null ? null : idFrom<ActorId>(row.granted_by),
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  };
}

const lowestOf = (place: Place | null): Place => ({
  environmentId: place?.projectId == null && place?.serviceId == null ? (place?.environmentId ?? null) : null,
  projectId: place?.serviceId == null ? (place?.projectId ?? null) : null,
  serviceId: place?.serviceId ?? null,
});

async function select(tx: Transaction, rest: RawBuilder<unknown>): Promise<readonly StoredGrant[]> {
  const { rows } = await sql<GrantRow>`
    SELECT g.*, r.name AS role_name FROM access_grant AS g
      LEFT JOIN custom_role AS r ON r.tenant_id = g.tenant_id AND r.id = g.custom_role_id
     WHERE g.tenant_id = ${tx.tenantId}::uuid AND ${rest}`.execute(sqlOf(tx));
  return rows.map(grantOf);
}

export class PostgresGrantRepository implements GrantRepository {
  async holdSubject(tx: Transaction, subjectId: string): Promise<{ readonly kind: string } | null> {
    const row = await sqlOf(tx)
      .selectFrom('subject')
      .select('kind')
      .where('id', '=', subjectId)
      .where('status', 'in', ['active', 'invited'])
      .forUpdate()
      .executeTakeFirst();
    return row ?? null;
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
    return (await select(tx, sql`g.id = ${id}::uuid`))[0] ?? null;
  }

  async findForUpdate(tx: Transaction, id: string): Promise<StoredGrant | null> {
    return (await select(tx, sql`g.id = ${id}::uuid FOR UPDATE OF g`))[0] ?? null;
  }

  async list(tx: Transaction, { subjectId, includeRevoked, reach, before, limit }: GrantFilter) {
    const conditions = [
      ...(subjectId === undefined ? [] : [sql`g.subject_id = ${subjectId}::uuid`]),
      ...(includeRevoked ? [] : [sql`g.revoked_at IS NULL`]),
      ...(before === null ? [] : [sql`g.id < ${before}::uuid`]),
      ...(reach === null ? [] : [reaching(reach)]),
      sql`true`,
    ];
    return select(tx, sql`${sql.join(conditions, sql` AND `)} ORDER BY g.id DESC LIMIT ${sql.lit(limit)}`);
  }

  async revoke(tx: Transaction, id: string): Promise<void> {
    const revoked = { revoked_at: sql<Date>`now()` };
    await sqlOf(tx).updateTable('access_grant').set(revoked).where('id', '=', id).execute();
  }

  async countAdministrators(tx: Transaction): Promise<number> {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('administrators ' || ${tx.tenantId}, 0))`.execute(
      sqlOf(tx),
    );
    const { rows } = await sql<{ count: bigint }>`
      SELECT count(DISTINCT g.subject_id) AS count FROM access_grant AS g
        JOIN subject AS s ON s.tenant_id = g.tenant_id AND s.id = g.subject_id AND s.kind = 'user' AND s.status = 'active'
       WHERE g.tenant_id = ${tx.tenantId}::uuid AND g.revoked_at IS NULL AND g.effect = 'allow'
         AND g.role IN ('platform-admin', 'organization-admin')
         AND num_nonnulls(g.environment_id, g.project_id, g.service_id, g.not_before, g.expires_at) = 0
         AND g.conditions = '{}'
         -- Whoever is denied anything of the administration of access cannot be the one who sets things right.
         AND NOT EXISTS (
           SELECT FROM access_grant AS d LEFT JOIN custom_role AS r ON r.tenant_id = d.tenant_id AND r.id = d.custom_role_id
            WHERE d.tenant_id = g.tenant_id AND d.subject_id = g.subject_id AND d.revoked_at IS NULL AND d.effect = 'deny'
              AND num_nonnulls(d.environment_id, d.project_id, d.service_id) = 0
              AND (d.role IN ('platform-admin', 'organization-admin')
                   OR r.permissions && ARRAY['grant.create', 'grant.revoke', 'user.invite']))`.execute(sqlOf(tx));
    return Number(rows[0]?.count ?? 0n);
  }
}

/** The places on the way down to a grant, against those that a reach allows and denies. */
function reaching({ everywhere, allowed, denied }: NonNullable<GrantFilter['reach']>): RawBuilder<boolean> {
  const path = sql`
    SELECT unnest(ARRAY[coalesce(g.environment_id, p.environment_id), coalesce(g.project_id, v.project_id), g.service_id]) AS id
      FROM (SELECT 1) AS one
      LEFT JOIN service AS v ON v.tenant_id = g.tenant_id AND v.id = g.service_id
      LEFT JOIN project AS p ON p.tenant_id = g.tenant_id AND p.id = coalesce(g.project_id, v.project_id)`;
  const meets = (ids: readonly string[]) => sql<boolean>`
    EXISTS (SELECT FROM (${path}) AS path WHERE path.id = ANY (${[...ids]}::uuid[]))`;
  return everywhere ? sql<boolean>`NOT ${meets(denied)}` : sql<boolean>`${meets(allowed)} AND NOT ${meets(denied)}`;
}
