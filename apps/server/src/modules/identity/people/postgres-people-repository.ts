import { sql } from 'kysely';
import type { ActorId, GrantId } from '../../../kernel/ids.ts';
import type { Role } from '../../../kernel/permissions.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { PeopleRepository, UserQuery } from './people-repository.ts';
import type { SubjectStatus, User } from './user.ts';

interface UserRow extends Omit<User, 'invitation'> {
  readonly invitedBy: string | null;
  readonly invitedAt: Date | null;
  readonly invitedUntil: Date | null;
}

const selectUsers = sql`
  SELECT s.id, u.email, s.display_name AS "displayName", s.status, u.password_hash IS NOT NULL AS "hasPassword",
         s.created_at AS "createdAt", s.version,
         ARRAY(SELECT DISTINCT coalesce(g.role, c.name)
                 FROM access_grant g
                 LEFT JOIN custom_role c ON c.tenant_id = g.tenant_id AND c.id = g.custom_role_id
                WHERE g.tenant_id = s.tenant_id AND g.subject_id = s.id AND g.effect = 'allow' AND g.revoked_at IS NULL
                  AND num_nonnulls(g.environment_id, g.project_id, g.service_id) = 0
                  AND (g.not_before IS NULL OR g.not_before <= now()) AND (g.expires_at IS NULL OR g.expires_at > now())
                ORDER BY 1) AS roles,
         i.invited_by AS "invitedBy", i.created_at AS "invitedAt", i.expires_at AS "invitedUntil"
    FROM subject s
    JOIN user_account u ON u.tenant_id = s.tenant_id AND u.id = s.id
    LEFT JOIN invitation i ON i.tenant_id = s.tenant_id AND i.subject_id = s.id
                          AND i.accepted_at IS NULL AND i.cancelled_at IS NULL`;

function userOf({ invitedBy, invitedAt, invitedUntil, ...row }: UserRow): User {
  const isInvited = invitedBy !== null && invitedAt !== null && invitedUntil !== null;
  return { ...row, invitation: isInvited ? { invitedBy, createdAt: invitedAt, expiresAt: invitedUntil } : null };
}

export class PostgresPeopleRepository implements PeopleRepository {
  readonly #administrators: (tx: Transaction) => Promise<readonly string[]>;
  /** Who administers the organization is for the access module to say: two, one or none of them. */
  constructor(options: { administrators: (tx: Transaction) => Promise<readonly string[]> }) {
    this.#administrators = options.administrators;
  }

  async list(tx: Transaction, { after, limit, status, emailPrefix }: UserQuery): Promise<readonly User[]> {
    const { rows } = await sql<UserRow>`${selectUsers}
      WHERE s.tenant_id = ${tx.tenantId} AND s.kind = 'user'
        AND (${after}::uuid IS NULL OR s.id > ${after}::uuid)
        AND (${status}::text IS NULL OR s.status = ${status}::text)
        AND (${emailPrefix}::text IS NULL OR starts_with(lower(u.email), lower(${emailPrefix}::text)))
      ORDER BY s.id LIMIT ${limit}`.execute(sqlOf(tx));
    return rows.map(userOf);
  }

  async find(tx: Transaction, id: string): Promise<User | null> {
    const { rows } = await sql<UserRow>`${selectUsers} WHERE s.id = ${id}`.execute(sqlOf(tx));
    return rows[0] === undefined ? null : userOf(rows[0]);
  }

  async findByEmail(tx: Transaction, email: string): Promise<User | null> {
    const { rows } = await sql<UserRow>`${selectUsers}
      WHERE u.tenant_id = ${tx.tenantId} AND lower(u.email) = lower(${email})`.execute(sqlOf(tx));
    return rows[0] === undefined ? null : userOf(rows[0]);
  }

  async hold(tx: Transaction, id: string): Promise<User | null> {
    // Two steps: what is read with the lock would be as of before it, in all but the locked row.
    await sql`SELECT id FROM subject WHERE id = ${id} FOR UPDATE`.execute(sqlOf(tx));
    return this.find(tx, id);
  }

  async insertInvited(tx: Transaction, user: { id: ActorId; email: string; displayName: string }): Promise<boolean> {
    const { id, email, displayName } = user;
    await sqlOf(tx)
      .insertInto('subject')
      .values({ id, tenant_id: tx.tenantId, kind: 'user', status: 'invited', display_name: displayName })
      .execute();
    const inserted = await sqlOf(tx)
      .insertInto('user_account')
      .values({ id, tenant_id: tx.tenantId, email })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    return inserted !== undefined;
  }

  async setStatus(tx: Transaction, id: string, status: SubjectStatus): Promise<void> {
    await sqlOf(tx).updateTable('subject').set({ status, version: sql`version + 1` }).where('id', '=', id).execute();
  }

  async setDisplayName(tx: Transaction, id: string, displayName: string): Promise<void> {
    await sqlOf(tx)
      .updateTable('subject')
      .set({ display_name: displayName, version: sql`version + 1` })
      .where('id', '=', id)
      .execute();
  }

  async setPassword(tx: Transaction, id: string, passwordHash: string | null): Promise<void> {
    await sqlOf(tx)
      .updateTable('user_account')
      .set({ password_hash: passwordHash, version: sql`version + 1` })
      .where('id', '=', id)
      .execute();
  }

  async grantRole(
    tx: Transaction,
    grant: { id: GrantId; subjectId: string; role: Role; grantedBy: string },
  ): Promise<void> {
    const { id, subjectId, role, grantedBy } = grant;
    await sqlOf(tx)
      .insertInto('access_grant')
      .values({ id, tenant_id: tx.tenantId, subject_id: subjectId, role, granted_by: grantedBy })
      .execute();
  }

  async revokeGrants(tx: Transaction, subjectId: string): Promise<number> {
    const result = await sqlOf(tx)
      .updateTable('access_grant')
      .set({ revoked_at: sql`now()` })
      .where('subject_id', '=', subjectId)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    return Number(result.numUpdatedRows);
  }

  async isLastAdministrator(tx: Transaction, id: string): Promise<boolean> {
    const [one, another] = await this.#administrators(tx);
    return one === id && another === undefined;
  }
}
