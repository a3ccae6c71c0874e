import { type Access, compileAccess, type Grant } from '../../../kernel/access.ts';
import type { ActorId, TenantId } from '../../../kernel/ids.ts';
import { isPermission, isRole, permissionsOfRole } from '../../../kernel/permissions.ts';
import type { Transaction, UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import type { AccessDirectory, SubjectKind } from '../ports/access-directory.ts';
import { personsOf } from './postgres-persons.ts';
import { secondFactorState } from './second-factor-state.ts';

// A subject with ten thousand grants takes some megabytes; most have a handful.
const cacheMax = 2_000;

/**
 * Grants from PostgreSQL. Every change of a subject, grant or role raises the organization's version by a trigger, and
 * authentication reads the version anew for each request: so a cached access is never older than the request.
 */
export class PostgresAccessDirectory implements AccessDirectory {
  readonly #uow: UnitOfWork;
  readonly #cache = new Map<string, { readonly version: bigint; readonly access: Access }>();

  constructor(options: { uow: UnitOfWork }) {
    this.#uow = options.uow;
  }

  async at(subject: { tenantId: TenantId; subjectId: ActorId; version: bigint }): Promise<Access> {
    const cached = this.#cache.get(subject.subjectId);
    if (cached !== undefined && cached.version === subject.version) return cached.access;
    const access = await this.#uow.read(subject.tenantId, (tx) => this.#load(tx, subject.subjectId));
    this.#cache.delete(subject.subjectId);
    this.#cache.set(subject.subjectId, { version: subject.version, access });
    const oldest = this.#cache.keys().next().value;
    if (this.#cache.size > cacheMax && oldest !== undefined) this.#cache.delete(oldest);
    return access;
  }

  async now(tx: Transaction, subjectId: ActorId): Promise<Access | null> {
    const subject = await sqlOf(tx)
      .selectFrom('subject')
      .leftJoin('access_version', 'access_version.tenant_id', 'subject.tenant_id')
      .select('access_version.version')
      .where('subject.id', '=', subjectId)
      .where('subject.status', '=', 'active')
      .executeTakeFirst();
    if (subject === undefined) return null;
    // Read, and never filled from here: what this transaction has changed itself may still be undone.
    const cached = this.#cache.get(subjectId);
    return cached !== undefined && cached.version === subject.version ? cached.access : this.#load(tx, subjectId);
  }

  async kindOf(tx: Transaction, subjectId: ActorId): Promise<SubjectKind | null> {
    const row = await sqlOf(tx).selectFrom('subject').select('kind').where('id', '=', subjectId).executeTakeFirst();
    return row?.kind ?? null;
  }

  personsOf(tx: Transaction, subjectIds: readonly string[], since?: Date) {
    return personsOf(tx, subjectIds, since ?? null);
  }

  async #load(tx: Transaction, subjectId: ActorId): Promise<Access> {
    const rows = await sqlOf(tx)
      .selectFrom('access_grant')
      .leftJoin('custom_role', (join) =>
        join
          .onRef('custom_role.tenant_id', '=', 'access_grant.tenant_id')
          .onRef('custom_role.id', '=', 'access_grant.custom_role_id'),
      )
      .selectAll('access_grant')
      .select(['custom_role.name as custom_role_name', 'custom_role.permissions as custom_role_permissions'])
      .where('access_grant.subject_id', '=', subjectId)
      .where('access_grant.revoked_at', 'is', null)
      .orderBy('access_grant.id')
      .execute();
    const grants = rows.map((row): Grant => {
      const built = row.role !== null && isRole(row.role) ? permissionsOfRole[row.role] : [];
      const custom = (row.custom_role_permissions ?? []).filter(isPermission);
      const isPlaced = row.environment_id !== null || row.project_id !== null || row.service_id !== null;
      return {
        id: row.id,
        effect: row.effect,
        role: row.role ?? row.custom_role_name ?? '',
        permissions: new Set(row.role === null ? custom : built),
        place: isPlaced
          ? { environmentId: row.environment_id, projectId: row.project_id, serviceId: row.service_id }
          : null,
        conditions: {
          ...(row.not_before === null ? {} : { notBefore: row.not_before }),
          ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
          rules: row.conditions,
        },
        ...(row.source === 'direct' ? {} : { source: row.source }),
      };
    });
    const held = grants.filter(({ effect }) => effect === 'allow').map(({ role }) => role);
    return compileAccess(grants, await secondFactorState(tx, subjectId, held));
  }
}
