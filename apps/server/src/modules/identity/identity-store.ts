import type { ActorId, ApiKeyId } from '../../kernel/ids.ts';
import type { Role } from '../../kernel/permissions.ts';
import type { Transaction } from '../../kernel/unit-of-work.ts';

export interface NewUser {
  readonly id: ActorId;
  readonly email: string;
  /** PHC string (CRY-5). */
  readonly passwordHash: string;
}

export interface IdentityStore {
  insertUser(tx: Transaction, user: NewUser): Promise<void>;
  assignRole(tx: Transaction, subjectId: ActorId, role: Role): Promise<void>;
  /** Roles that a user holds now; null when there is no such user or it is suspended. */
  rolesOf(tx: Transaction, subjectId: ActorId): Promise<readonly Role[] | null>;
  insertApiKey(
    tx: Transaction,
    key: { id: ApiKeyId; subjectId: ActorId; name: string; prefix: string; secretHash: Uint8Array },
  ): Promise<void>;
}
