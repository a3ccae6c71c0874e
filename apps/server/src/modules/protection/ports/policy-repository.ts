import type { ActorId, PolicyId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { Policy, PolicySpec, PolicyVersion } from '../domain/policy.ts';

export interface NewPolicy {
  readonly id: PolicyId;
  readonly name: string;
  readonly isBuiltIn: boolean;
  readonly spec: PolicySpec;
  readonly createdBy: ActorId;
}

export interface PolicyRepository {
  /** Null when the name is taken. */
  insert(tx: Transaction, policy: NewPolicy): Promise<Policy | null>;
  find(tx: Transaction, id: string): Promise<Policy | null>;
  /** An earlier version, or the current one, by its number; under the policy's name of today. */
  findVersion(tx: Transaction, id: string, version: number): Promise<PolicyVersion | null>;
  /** Versions of a policy, newest first, below `before`. */
  listVersions(
    tx: Transaction,
    page: { id: string; before: number | null; limit: number },
  ): Promise<readonly PolicyVersion[]>;
  /** `change` waits for others who change or use it; `use` keeps it from being deleted until the transaction ends. */
  findLocked(tx: Transaction, id: string, lock: 'change' | 'use'): Promise<Policy | null>;
  /** Oldest first, so that the built-in ones lead. */
  list(tx: Transaction, page: { after: string | null; limit: number }): Promise<readonly Policy[]>;
  /** Writes the next version; the ones before stay readable. Null when the new name is taken. */
  addVersion(
    tx: Transaction,
    policy: Pick<Policy, 'id' | 'name' | 'spec' | 'version'> & { createdBy: ActorId },
  ): Promise<Policy | null>;
  isInUse(tx: Transaction, id: string): Promise<boolean>;
  delete(tx: Transaction, id: string): Promise<void>;
}
