import type { ActorId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';

/** What sign-in needs to know of a user. */
export interface UserLookup {
  /** Null when there is no such user in the organization. */
  emailOf(tx: Transaction, userId: ActorId): Promise<string | null>;
}
