import type { ActorId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';

export interface ServiceAccount {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Whose it is: the same person for approvals (ACC-9). */
  readonly ownerId: string | null;
  readonly status: 'active' | 'suspended';
  readonly roles: readonly string[];
  readonly createdAt: Date;
  readonly version: number;
}

/** Service accounts of the transaction's organization; a deleted one is not there. */
export interface ServiceAccountRepository {
  list(tx: Transaction, query: { after: string | null; limit: number }): Promise<readonly ServiceAccount[]>;
  find(tx: Transaction, id: string): Promise<ServiceAccount | null>;
  hold(tx: Transaction, id: string): Promise<ServiceAccount | null>;
  insert(
    tx: Transaction,
    account: { id: ActorId; name: string; description: string; ownerId: string | null },
  ): Promise<void>;
  setStatus(tx: Transaction, id: string, status: 'active' | 'suspended' | 'offboarded'): Promise<void>;
  change(
    tx: Transaction,
    id: string,
    change: { name: string; description: string; ownerId: string | null },
  ): Promise<void>;
  /** How many there are; counted one after another within an organization. */
  count(tx: Transaction): Promise<number>;
  isActiveUser(tx: Transaction, id: string): Promise<boolean>;
}
