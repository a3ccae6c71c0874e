import { sql } from 'kysely';
import type { Access } from '../../../kernel/access.ts';
import { type ActorId, idFrom } from '../../../kernel/ids.ts';
import { type Permission, permissionsOfRole, roles } from '../../../kernel/permissions.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { AccessDirectory } from '../../access/index.ts';
import { type Person, personKeysOf } from '../domain/person.ts';
import type { People } from '../ports/people.ts';

export class PostgresPeople implements People {
  readonly #access: Pick<AccessDirectory, 'now'>;
  constructor(options: { access: Pick<AccessDirectory, 'now'> }) {
    this.#access = options.access;
  }

  async keysOf(tx: Transaction, subjectIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = await this.#personsOf(tx, subjectIds);
    return new Map([...found].map(([id, person]) => [id, personKeysOf(person)]));
  }

  async behind(tx: Transaction, subjectId: string): Promise<readonly string[]> {
    return (await this.#personsOf(tx, [subjectId])).get(subjectId)?.subjectIds ?? [subjectId];
  }

  async #personsOf(tx: Transaction, subjectIds: readonly string[]): Promise<ReadonlyMap<string, Person>> {
    const { rows } = await sql<{ id: string; behind: string; email: string | null }>`
      WITH wanted AS (SELECT DISTINCT id FROM unnest(${[...subjectIds]}::uuid[]) AS s (id)),
      holder AS (
        SELECT id, id AS behind FROM wanted
        UNION SELECT w.id, a.owner_id FROM wanted w JOIN service_account a ON a.tenant_id = ${tx.tenantId} AND a.id = w.id
        -- Whoever made a key has seen its secret, and can act with it.
        UNION SELECT w.id, k.created_by FROM wanted w JOIN api_key k ON k.tenant_id = ${tx.tenantId} AND k.subject_id = w.id
               WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
        -- Whoever enrolled a device may have enrolled a machine of his own.
        UNION SELECT w.id, d.enrolled_by FROM wanted w JOIN device d ON d.tenant_id = ${tx.tenantId} AND d.id = w.id
        UNION SELECT w.id, c.created_by FROM wanted w
                JOIN client_certificate c ON c.tenant_id = ${tx.tenantId} AND c.subject_id = w.id WHERE c.revoked_at IS NULL
      ),
      known AS (
        SELECT id, behind FROM holder
        -- Whoever has reset somebody's credentials lately may be the one who uses them, and what that one has made.
        UNION SELECT h.id, r.created_by FROM holder h
                JOIN credential_reset r ON r.tenant_id = ${tx.tenantId} AND r.subject_id = h.behind
               WHERE r.created_at > now() - interval '30 days')
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

  async namesOf(tx: Transaction, subjectIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (subjectIds.length === 0) return new Map();
    const rows = await sqlOf(tx)
      .selectFrom('subject')
      .select(['id', 'display_name'])
      .where('tenant_id', '=', tx.tenantId)
      .where('id', 'in', [...subjectIds])
      .execute();
    return new Map(rows.map((row) => [row.id, row.display_name]));
  }

  accessOf(tx: Transaction, subjectId: string): Promise<Access | null> {
    return this.#access.now(tx, idFrom<ActorId>(subjectId));
  }

  async isKeyRevoked(tx: Transaction, keyId: string): Promise<boolean> {
    const row = await sqlOf(tx)
      .selectFrom('api_key')
      .select('revoked_at')
      .where('tenant_id', '=', tx.tenantId)
      .where('id', '=', keyId)
      .executeTakeFirst();
    return row === undefined || row.revoked_at !== null;
  }

  async candidates(
    tx: Transaction,
    { permission, limit }: { permission: Permission; limit: number },
  ): Promise<readonly string[]> {
    const builtIn = roles.filter((role) => permissionsOfRole[role].includes(permission));
    const rows = await sqlOf(tx)
      .selectFrom('subject')
      .select('id')
      .where('tenant_id', '=', tx.tenantId)
      .where('kind', '=', 'user')
      .where('status', '=', 'active')
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('access_grant')
            .select('access_grant.id')
            .whereRef('access_grant.tenant_id', '=', 'subject.tenant_id')
            .whereRef('access_grant.subject_id', '=', 'subject.id')
            .where('access_grant.revoked_at', 'is', null)
            .where('access_grant.effect', '=', 'allow')
            .where(
              sql<boolean>`(access_grant.role = ANY (${builtIn}) OR EXISTS (
                SELECT FROM custom_role c WHERE c.tenant_id = access_grant.tenant_id
                   AND c.id = access_grant.custom_role_id AND ${permission} = ANY (c.permissions)))`,
            ),
        ),
      )
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map((row) => row.id);
  }

  async holdAccess(tx: Transaction, subjectIds: readonly string[] = []): Promise<void> {
    if (subjectIds.length > 0)
      await sqlOf(tx)
        .selectFrom('subject')
        .select('id')
        .where('tenant_id', '=', tx.tenantId)
        .where('id', 'in', [...subjectIds])
        .orderBy('id')
        .forKeyShare()
        .execute();
    // The row that every change of a subject, grant or role updates by a trigger.
    await sqlOf(tx)
      .selectFrom('access_version')
      .select('version')
      .where('tenant_id', '=', tx.tenantId)
      .forNoKeyUpdate()
      .execute();
  }
}
