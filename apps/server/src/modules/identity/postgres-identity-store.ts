import type { ActorId, ApiKeyId } from '../../kernel/ids.ts';
import { isRole, type Role } from '../../kernel/permissions.ts';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import { sqlOf } from '../../platform/postgres/unit-of-work.ts';
import type { IdentityStore, NewUser } from './identity-store.ts';

export class PostgresIdentityStore implements IdentityStore {
  async insertUser(tx: Transaction, user: NewUser): Promise<void> {
    await sqlOf(tx)
      .insertInto('user_account')
      .values({ id: user.id, tenant_id: tx.tenantId, email: user.email, password_hash: user.passwordHash })
      .execute();
  }

  async assignRole(tx: Transaction, subjectId: ActorId, role: Role): Promise<void> {
    await sqlOf(tx)
      .insertInto('role_assignment')
      .values({ tenant_id: tx.tenantId, subject_id: subjectId, role })
      .execute();
  }

  async rolesOf(tx: Transaction, subjectId: ActorId): Promise<readonly Role[] | null> {
    const rows = await sqlOf(tx)
      .selectFrom('user_account')
      .leftJoin('role_assignment', (join) =>
        join
          .onRef('role_assignment.tenant_id', '=', 'user_account.tenant_id')
          .onRef('role_assignment.subject_id', '=', 'user_account.id'),
      )
      .select('role_assignment.role')
      .where('user_account.id', '=', subjectId)
      .where('user_account.status', '=', 'active')
      .execute();
    return rows.length === 0 ? null : rows.flatMap(({ role }) => (role !== null && isRole(role) ? [role] : []));
  }

  async insertApiKey(
    tx: Transaction,
    key: { id: ApiKeyId; subjectId: ActorId; name: string; prefix: string; secretHash: Uint8Array },
  ): Promise<void> {
    await sqlOf(tx)
      .insertInto('api_key')
      .values({
        id: key.id,
        tenant_id: tx.tenantId,
        subject_id: key.subjectId,
        name: key.name,
        prefix: key.prefix,
        secret_hash: key.secretHash,
      })
      .execute();
  }
}
