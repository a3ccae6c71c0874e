import { sql } from 'kysely';
import type { Person } from '../../../kernel/person.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';

/** See `AccessDirectory`. */
export async function personsOf(
  tx: Transaction,
  subjectIds: readonly string[],
  since: Date | null,
): Promise<ReadonlyMap<string, Person>> {
  const start = sql`coalesce(${since}::timestamptz, now())`;
  const { rows } = await sql<{ id: string; behind: string; email: string | null }>`
    WITH RECURSIVE known AS (
      SELECT DISTINCT id, id AS behind FROM unnest(${[...subjectIds]}::uuid[]) AS s (id)
      -- As far as it goes: the owner of an account that made a key or reset a password has done it himself.
      UNION SELECT k.id, b.who FROM known k CROSS JOIN LATERAL (
        SELECT a.owner_id FROM service_account a WHERE a.tenant_id = ${tx.tenantId} AND a.id = k.behind
        -- Whoever made a key has seen its secret, and can act with it.
        UNION ALL SELECT p.created_by FROM api_key p WHERE p.tenant_id = ${tx.tenantId} AND p.subject_id = k.behind
                     AND (p.revoked_at IS NULL OR p.revoked_at > ${start})
                     AND (p.expires_at IS NULL OR p.expires_at > ${start})
        -- Whoever enrolled a device may have enrolled a machine of his own.
        UNION ALL SELECT d.enrolled_by FROM device d WHERE d.tenant_id = ${tx.tenantId} AND d.id = k.behind
        UNION ALL SELECT c.created_by FROM client_certificate c WHERE c.tenant_id = ${tx.tenantId} AND c.subject_id = k.behind
                     AND (c.revoked_at IS NULL OR c.revoked_at > ${start})
        -- Whoever has reset somebody's credentials lately may be the one who uses them, and what that one has made.
        UNION ALL SELECT r.created_by FROM credential_reset r WHERE r.tenant_id = ${tx.tenantId}
                     AND r.subject_id = k.behind AND r.created_at > ${start} - interval '30 days') AS b (who)
       WHERE b.who IS NOT NULL)
    SELECT k.id, k.behind, u.email FROM known k
      LEFT JOIN user_account u ON u.tenant_id = ${tx.tenantId} AND u.id = k.behind
     WHERE k.behind IS NOT NULL`.execute(sqlOf(tx));
  const found = new Map<string, { subjectIds: string[]; emails: string[] }>();
  for (const { id, behind, email } of rows) {
    const person = found.get(id) ?? { subjectIds: [], emails: [] };
    person.subjectIds.push(behind);
    if (email !== null) person.emails.push(email);
    found.set(id, person);
  }
  return found;
}
