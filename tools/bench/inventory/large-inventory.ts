/** A migrated PostgreSQL of its own with one large organization and some others, reached as the server reaches it. */
import type pg from 'pg';
import { idFrom, type TenantId } from '../../../apps/server/src/kernel/ids.ts';
import { PostgresUnitOfWork } from '../../../apps/server/src/platform/postgres/unit-of-work.ts';
import { openMigratedPostgres } from '../../services/migrated-postgres.ts';
import { seedInventory, settle } from './seed-inventory.ts';

export const largeTenant: TenantId = idFrom('01920000-0000-7000-8000-000000000001');
export const environments = [1, 2, 3].map((n) => `01920000-0000-7000-8000-00000000e00${n}`);

export interface LargeInventory {
  readonly uow: PostgresUnitOfWork;
  readonly superuser: pg.Client;
  close(): Promise<void>;
}

/** Makes an organization with its environments, as a superuser. */
export async function addTenant(
  superuser: pg.Client,
  tenantId: string,
  environmentIds: readonly string[],
): Promise<void> {
  await superuser.query('INSERT INTO organization (id, name) VALUES ($1, $2)', [tenantId, 'Seeded']);
  for (const [at, id] of environmentIds.entries())
    await superuser.query("INSERT INTO environment (id, tenant_id, name, type) VALUES ($1, $2, $3, 'production')", [
      id,
      tenantId,
      `e${at}`,
    ]);
}

export async function openLargeInventory(assets: number): Promise<LargeInventory> {
  // The settings of the product, but for what only loading needs.
  const { superuser, databases, close } = await openMigratedPostgres({ max_wal_size: '4GB' });
  await addTenant(superuser, largeTenant, environments);
  await seedInventory(superuser, {
    tenantId: largeTenant,
    environmentIds: environments,
    assets,
    jobs: assets,
    findings: assets,
  });
  await settle(superuser);
  return {
    // Nothing is written here, so nothing is audited.
    uow: new PostgresUnitOfWork({
      db: databases.app,
      appender: {
        prepare: () => Promise.reject(new Error('read only')),
        insert: () => Promise.reject(new Error('read only')),
      },
      newId: () => {
        throw new Error('read only');
      },
    }),
    superuser,
    close,
  };
}
