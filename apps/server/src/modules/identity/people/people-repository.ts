import type { ActorId, GrantId } from '../../../kernel/ids.ts';
import type { Role } from '../../../kernel/permissions.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { SubjectStatus, User } from './user.ts';

export interface UserQuery {
  readonly after: string | null;
  readonly limit: number;
  readonly status: SubjectStatus | null;
  readonly emailPrefix: string | null;
}

/** Users of the transaction's organization. */
export interface PeopleRepository {
  list(tx: Transaction, query: UserQuery): Promise<readonly User[]>;
  find(tx: Transaction, id: string): Promise<User | null>;
  findByEmail(tx: Transaction, email: string): Promise<User | null>;
  /** As {@link find}, and nobody else changes the user before this transaction ends. */
  hold(tx: Transaction, id: string): Promise<User | null>;
  /** False when somebody else has the address. */
  insertInvited(tx: Transaction, user: { id: ActorId; email: string; displayName: string }): Promise<boolean>;
  setStatus(tx: Transaction, id: string, status: SubjectStatus): Promise<void>;
  setDisplayName(tx: Transaction, id: string, displayName: string): Promise<void>;
  setPassword(tx: Transaction, id: string, passwordHash: string | null): Promise<void>;
  grantRole(tx: Transaction, grant: { id: GrantId; subjectId: string; role: Role; grantedBy: string }): Promise<void>;
  revokeGrants(tx: Transaction, subjectId: string): Promise<number>;
  /**
   * Whether this user and nobody else administers the organization for good. The answer holds until the transaction ends:
   * two who suspend each other at once must not both succeed.
   */
  isLastAdministrator(tx: Transaction, id: string): Promise<boolean>;
}
