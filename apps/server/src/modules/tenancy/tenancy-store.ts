import type { EnvironmentId } from '../../kernel/ids.ts';
import type { Transaction } from '../../kernel/unit-of-work.ts';

export interface Environment {
  readonly id: string;
  readonly name: string;
  readonly type: 'production' | 'staging' | 'development' | 'local';
  readonly createdAt: Date;
  readonly version: number;
}

export interface TenancyStore {
  /** Claims the place of the first organization for the transaction's tenant; false when another has it. */
  claimFirstOrganization(tx: Transaction): Promise<boolean>;
  insertOrganization(tx: Transaction, organization: { name: string }): Promise<void>;
  insertEnvironment(
    tx: Transaction,
    environment: { id: EnvironmentId; name: string; type: Environment['type'] },
  ): Promise<void>;
  listEnvironments(tx: Transaction, query: { after: string | null; limit: number }): Promise<readonly Environment[]>;
}
