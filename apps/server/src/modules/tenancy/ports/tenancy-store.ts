import type { EnvironmentId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import type { Organization } from '../domain/organization.ts';
import type { Environment } from '../domain/place-kinds.ts';

export interface TenancyStore {
  /** Claims the place of the first organization for the transaction's tenant; false when another has it. */
  claimFirstOrganization(tx: Transaction): Promise<boolean>;
  /** The organization that runs the installation. */
  firstOrganizationId(tx: Transaction): Promise<string | null>;
  insertOrganization(tx: Transaction, organization: { name: string }): Promise<void>;
  insertEnvironment(
    tx: Transaction,
    environment: { id: EnvironmentId; name: string; type: Environment['type'] },
  ): Promise<void>;

  /** The organization of the transaction. */
  find(tx: Transaction): Promise<Organization | null>;
  findForUpdate(tx: Transaction): Promise<Organization | null>;
  change(tx: Transaction, change: { name?: string; status?: Organization['status'] }): Promise<Organization>;

  /** Any organization, oldest first; nothing unless the transaction's tenant runs the installation. */
  listAll(tx: Transaction, query: { after: string | null; limit: number }): Promise<readonly Organization[]>;
  findAny(tx: Transaction, id: string): Promise<Organization | null>;
}
