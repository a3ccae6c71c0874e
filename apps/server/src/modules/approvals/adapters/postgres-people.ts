import { type RawBuilder, sql } from 'kysely';
import type { Access } from '../../../kernel/access.ts';
import type { Credential } from '../../../kernel/actor.ts';
import { type ActorId, idFrom } from '../../../kernel/ids.ts';
import { type Permission, permissionsOfRole, roles } from '../../../kernel/permissions.ts';
import { personKeysOf } from '../../../kernel/person.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { AccessDirectory } from '../../access/index.ts';
import type { People } from '../ports/people.ts';

/**
 * Whether nobody has taken a credential back. A session that its user has left, or that has ended by itself, was not taken back, and
 * its row is deleted some time after.
 */
const standing: Readonly<Partial<Record<Credential['kind'], (tenantId: string, id: string) => RawBuilder<boolean>>>> = {
  'api-key': (tenantId, id) =>
    sql`EXISTS (SELECT FROM api_key WHERE tenant_id = ${tenantId} AND id = ${id}::uuid AND revoked_at IS NULL)`,
  certificate: (tenantId, id) =>
    sql`EXISTS (SELECT FROM client_certificate WHERE tenant_id = ${tenantId} AND id = ${id}::uuid AND revoked_at IS NULL)`,
  session: (tenantId, id) =>
    sql`NOT EXISTS (SELECT FROM session WHERE tenant_id = ${tenantId} AND id = ${id}::uuid
                       AND revoked_reason IN ('revoked', 'refresh-reused', 'password-reset', 'factors-reset', 'subject-ended'))`,
};

export class PostgresPeople implements People {
  readonly #access: Pick<AccessDirectory, 'now' | 'personsOf'>;
  constructor(options: { access: Pick<AccessDirectory, 'now' | 'personsOf'> }) {
    this.#access = options.access;
  }

  async keysOf(tx: Transaction, subjectIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = await this.#access.personsOf(tx, subjectIds);
    return new Map([...found].map(([id, person]) => [id, personKeysOf(person)]));
  }

  async behind(tx: Transaction, subjectId: string): Promise<readonly string[]> {
    return (await this.#access.personsOf(tx, [subjectId])).get(subjectId)?.subjectIds ?? [subjectId];
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

  async usersOf(tx: Transaction, subjectIds: readonly string[]) {
    if (subjectIds.length === 0) return [];
    return sqlOf(tx)
      .selectFrom('subject')
      .innerJoin('user_account', (join) =>
        join.onRef('user_account.tenant_id', '=', 'subject.tenant_id').onRef('user_account.id', '=', 'subject.id'),
      )
      .select(['subject.id', 'subject.display_name as name', 'user_account.email'])
      .where('subject.tenant_id', '=', tx.tenantId)
      .where('subject.id', 'in', [...subjectIds])
      .orderBy('subject.display_name')
      .orderBy('user_account.email')
      .execute();
  }

  accessOf(tx: Transaction, subjectId: string): Promise<Access | null> {
    return this.#access.now(tx, idFrom<ActorId>(subjectId));
  }

  async isTakenBack(tx: Transaction, { kind, id }: Pick<Credential, 'kind' | 'id'>): Promise<boolean> {
    const stands = standing[kind];
    if (stands === undefined || id === null) return false;
    const { rows } = await sql<{ stands: boolean }>`SELECT ${stands(tx.tenantId, id)} AS stands`.execute(sqlOf(tx));
    return rows[0]?.stands !== true;
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
