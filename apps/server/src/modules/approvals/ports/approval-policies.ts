import type { ApprovableOperationName } from '@quantumvault/api';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { ApprovalPolicy, StoredPolicy } from '../domain/demand.ts';

export interface ApprovalPolicies {
  find(tx: Transaction, operation: ApprovableOperationName): Promise<StoredPolicy | null>;
  all(tx: Transaction): Promise<readonly StoredPolicy[]>;
  /** One change at a time for each organization: what a change demands depends on all policies. */
  lock(tx: Transaction): Promise<void>;
  set(
    tx: Transaction,
    operation: ApprovableOperationName,
    policy: ApprovalPolicy & { readonly updatedBy: string },
  ): Promise<StoredPolicy>;
  /** False when there was none. */
  remove(tx: Transaction, operation: ApprovableOperationName): Promise<boolean>;
}
