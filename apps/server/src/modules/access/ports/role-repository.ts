import type { RoleId } from '../../../kernel/ids.ts';
import type { Permission } from '../../../kernel/permissions.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { CustomRole } from '../domain/role.ts';

/** Custom roles of the transaction's tenant; a deleted one is not found. */
export interface RoleRepository {
  /** Counts under a lock, so that two at once cannot both see room for one. */
  count(tx: Transaction): Promise<number>;
  /** Null when the name is taken. */
  insert(
    tx: Transaction,
    role: {
      readonly id: RoleId;
      readonly name: string;
      readonly description: string;
      readonly permissions: readonly Permission[];
    },
  ): Promise<CustomRole | null>;
  find(tx: Transaction, id: string): Promise<CustomRole | null>;
  /** To look at it, also in a transaction that only reads. */
  peekByName(tx: Transaction, name: string): Promise<CustomRole | null>;
  /** For a grant of it: it cannot be deleted until the transaction ends. */
  findByName(tx: Transaction, name: string): Promise<CustomRole | null>;
  /** Locks the row until the transaction ends. */
  findForUpdate(tx: Transaction, id: string): Promise<CustomRole | null>;
  list(
    tx: Transaction,
    page: { readonly after: string | null; readonly limit: number },
  ): Promise<readonly CustomRole[]>;
  /** Null when the name is taken. */
  change(
    tx: Transaction,
    id: string,
    change: { readonly name: string; readonly description: string; readonly permissions: readonly Permission[] },
  ): Promise<CustomRole | null>;
  /** Whether somebody holds the role, or is denied it. */
  isHeld(tx: Transaction, id: string): Promise<boolean>;
  delete(tx: Transaction, id: string): Promise<void>;
}
