import type { ActorId, GrantId } from '../../kernel/ids.ts';
import type { Role } from '../../kernel/permissions.ts';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import { sqlOf } from '../../platform/postgres/unit-of-work.ts';
import type { IdentityStore, NewUser } from './identity-store.ts';

export class PostgresIdentityStore implements IdentityStore {
  async insertUser(tx: Transaction, user: NewUser): Promise<void> {
    await sqlOf(tx)
      .insertInto('subject')
      .values({ id: user.id, tenant_id: tx.tenantId, kind: 'user', display_name: user.email })
      .execute();
    await sqlOf(tx)
      .insertInto('user_account')
      .values({ id: user.id, tenant_id: tx.tenantId, email: user.email, password_hash: user.passwordHash })
      .execute();
  }

  async assignRole(tx: Transaction, grant: { id: GrantId; subjectId: ActorId; role: Role }): Promise<void> {
    await sqlOf(tx)
      .insertInto('access_grant')
      .values({ id: grant.id, tenant_id: tx.tenantId, subject_id: grant.subjectId, role: grant.role })
      .execute();
  }

  async insertApiKey(tx: Transaction, key: Parameters<IdentityStore['insertApiKey']>[1]): Promise<void> {
    await sqlOf(tx)
      .insertInto('api_key')
      .values({
        id: key.id,
        tenant_id: tx.tenantId,
        subject_id: key.subjectId,
        name: key.name,
        prefix: key.prefix,
        secret_hash: key.secretHash,
        origin: key.origin ?? 'made',
      })
      .execute();
  }
}
