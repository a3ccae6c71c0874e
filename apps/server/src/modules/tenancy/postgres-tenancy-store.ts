import type { EnvironmentId } from '../../kernel/ids.ts';
import type { Transaction } from '../../kernel/unit-of-work.ts';
import { sqlOf } from '../../platform/postgres/unit-of-work.ts';
import type { Environment, TenancyStore } from './tenancy-store.ts';

export class PostgresTenancyStore implements TenancyStore {
  async claimFirstOrganization(tx: Transaction): Promise<boolean> {
    const result = await sqlOf(tx)
      .updateTable('installation')
      .set({ first_organization_id: tx.tenantId })
      .where('first_organization_id', 'is', null)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  /** The organization's id is the tenant of the transaction: it can create itself and no other. */
  async insertOrganization(tx: Transaction, organization: { name: string }): Promise<void> {
    await sqlOf(tx).insertInto('organization').values({ id: tx.tenantId, name: organization.name }).execute();
  }

  async insertEnvironment(
    tx: Transaction,
    environment: { id: EnvironmentId; name: string; type: Environment['type'] },
  ): Promise<void> {
    await sqlOf(tx)
      .insertInto('environment')
      .values({ ...environment, tenant_id: tx.tenantId })
      .execute();
  }

  async listEnvironments(
    tx: Transaction,
    query: { after: string | null; limit: number },
  ): Promise<readonly Environment[]> {
    const { after } = query;
    return sqlOf(tx)
      .selectFrom('environment')
      .select(['id', 'name', 'type', 'created_at as createdAt', 'version'])
      .$if(after !== null, (builder) => builder.where('id', '>', after ?? ''))
      .orderBy('id')
      .limit(query.limit)
      .execute();
  }
}
