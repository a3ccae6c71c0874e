import { sql } from 'kysely';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';

/**
 * Two, one or none of the active users who administer the organization for good: without conditions, an end, or a denial
 * that would keep them from setting things right. The answer holds until the transaction ends: two administrators who take
 * each other's rights at once must not both succeed.
 */
export async function someAdministrators(tx: Transaction): Promise<readonly string[]> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended('administrators ' || ${tx.tenantId}, 0))`.execute(sqlOf(tx));
  const { rows } = await sql<{ id: string }>`
    SELECT DISTINCT g.subject_id AS id FROM access_grant AS g
      JOIN subject AS s ON s.tenant_id = g.tenant_id AND s.id = g.subject_id AND s.kind = 'user' AND s.status = 'active'
     WHERE g.tenant_id = ${tx.tenantId}::uuid AND g.revoked_at IS NULL AND g.effect = 'allow'
       AND g.role IN ('platform-admin', 'organization-admin')
       AND num_nonnulls(g.environment_id, g.project_id, g.service_id, g.not_before, g.expires_at) = 0
       AND g.conditions = '{}'
       AND NOT EXISTS (
         SELECT FROM access_grant AS d LEFT JOIN custom_role AS r ON r.tenant_id = d.tenant_id AND r.id = d.custom_role_id
          WHERE d.tenant_id = g.tenant_id AND d.subject_id = g.subject_id AND d.revoked_at IS NULL AND d.effect = 'deny'
            AND num_nonnulls(d.environment_id, d.project_id, d.service_id) = 0
            AND (d.role IN ('platform-admin', 'organization-admin')
                 OR r.permissions && ARRAY['grant.create', 'grant.revoke', 'user.invite']))
     LIMIT 2`.execute(sqlOf(tx));
  return rows.map(({ id }) => id);
}
