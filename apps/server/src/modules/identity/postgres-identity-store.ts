import type { ActorId, ApiKeyId } from '../../kernel/ids.ts';
import type { Role } from '../../kernel/permissions.ts';
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
