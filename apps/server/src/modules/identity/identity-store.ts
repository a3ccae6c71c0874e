import type { ActorId, ApiKeyId, GrantId } from '../../kernel/ids.ts';
import type { Role } from '../../kernel/permissions.ts';
import type { Transaction } from '../../kernel/unit-of-work.ts';

export interface NewUser {
  readonly id: ActorId;
  readonly email: string;
  /** PHC string (CRY-5); null: the user has none yet. */
  readonly passwordHash: string | null;
}

export interface IdentityStore {
  insertUser(tx: Transaction, user: NewUser): Promise<void>;
  /** Grants a built-in role on the whole organization. */
  assignRole(tx: Transaction, grant: { id: GrantId; subjectId: ActorId; role: Role }): Promise<void>;
  insertApiKey(
    tx: Transaction,
    key: {
      id: ApiKeyId;
      subjectId: ActorId;
      name: string;
      prefix: string;
      secretHash: Uint8Array;
      origin?: 'made' | 'setting';
    },
  ): Promise<void>;
}
