import type { ActorId } from '../../../../kernel/ids.ts';
import type { Transaction } from '../../../../kernel/unit-of-work.ts';

/** What second factors need of the users themselves. */
export interface AccountRepository {
  /** What a user is called in an app; null when there is no such user. */
  nameOf(tx: Transaction, subjectId: ActorId): Promise<string | null>;
  /** Waits for every other change of this user's factors, until the transaction ends. */
  lock(tx: Transaction, subjectId: ActorId): Promise<void>;
}
