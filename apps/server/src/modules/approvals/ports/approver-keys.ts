import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { ApproverKey } from '../domain/approver-key.ts';

export interface ApproverKeys {
  of(tx: Transaction, subjectId: string): Promise<readonly ApproverKey[]>;
  find(tx: Transaction, ids: readonly string[]): Promise<readonly ApproverKey[]>;
  /** Null when the key is registered, by whomever. */
  insert(tx: Transaction, key: Omit<ApproverKey, 'createdAt' | 'withdrawnAt'>): Promise<ApproverKey | null>;
  /** False when this subject has no such key in use. */
  withdraw(tx: Transaction, key: { readonly id: string; readonly subjectId: string }): Promise<boolean>;
}
