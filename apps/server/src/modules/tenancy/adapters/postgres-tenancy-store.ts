import { sql } from 'kysely';
import type { EnvironmentId } from '../../../kernel/ids.ts';
import type { Transaction } from '../../../kernel/unit-of-work.ts';
import { sqlOf } from '../../../platform/postgres/unit-of-work.ts';
import { tenancyErrors } from '../domain/errors.ts';
import type { Organization } from '../domain/organization.ts';
import type { Environment } from '../domain/place-kinds.ts';
import type { TenancyStore } from '../ports/tenancy-store.ts';

const columns = ['id', 'name', 'status', 'created_at as createdAt', 'version'] as const;

export class PostgresTenancyStore implements TenancyStore {
  async claimFirstOrganization(tx: Transaction): Promise<boolean> {
    const result = await sqlOf(tx)
      .updateTable('installation')
      .set({ first_organization_id: tx.tenantId })
      .where('first_organization_id', 'is', null)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  async firstOrganizationId(tx: Transaction): Promise<string | null> {
    const row = await sqlOf(tx).selectFrom('installation').select('first_organization_id').executeTakeFirst();
    return row?.first_organization_id ?? null;
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

  async find(tx: Transaction): Promise<Organization | null> {
    const row = await sqlOf(tx)
      .selectFrom('organization')
      .select(columns)
      .where('id', '=', tx.tenantId)
      .executeTakeFirst();
    return row ?? null;
  }

  async findForUpdate(tx: Transaction): Promise<Organization | null> {
    const row = await sqlOf(tx)
      .selectFrom('organization')
      .select(columns)
      .where('id', '=', tx.tenantId)
      .forUpdate()
      .executeTakeFirst();
    return row ?? null;
  }

  async change(tx: Transaction, change: { name?: string; status?: Organization['status'] }): Promise<Organization> {
    const changed = await sqlOf(tx)
      .updateTable('organization')
      .set((build) => ({ ...change, version: build('version', '+', 1) }))
      .where('id', '=', tx.tenantId)
      .returning(columns)
      .executeTakeFirst();
    if (changed === undefined) throw tenancyErrors.TENANCY_ORGANIZATION_NOT_FOUND();
    if (change.status !== undefined) {
      await sqlOf(tx)
        .updateTable('access_version')
        .set({ suspended: change.status === 'suspended' })
        .where('tenant_id', '=', tx.tenantId)
        .execute();
    }
    return changed;
  }

  listAll(tx: Transaction, query: { after: string | null; limit: number }): Promise<readonly Organization[]> {
    return this.#platform(tx, { after: query.after, wanted: null, limit: query.limit });
  }

  async findAny(tx: Transaction, id: string): Promise<Organization | null> {
    const [found] = await this.#platform(tx, { after: null, wanted: id, limit: 1 });
    return found ?? null;
  }

  async #platform(
    tx: Transaction,
    query: { after: string | null; wanted: string | null; limit: number },
  ): Promise<readonly Organization[]> {
    const { rows } = await sql<Organization>`
      SELECT id, name, status, created_at AS "createdAt", version
        FROM platform_organizations(${query.after}::uuid, ${query.wanted}::uuid, ${query.limit}::int)`.execute(
      sqlOf(tx),
    );
    return rows;
  }
}
