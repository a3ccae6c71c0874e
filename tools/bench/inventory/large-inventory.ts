/** A migrated PostgreSQL of its own with one large organization and some others, reached as the server reaches it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { idFrom, type TenantId } from '../../../apps/server/src/kernel/ids.ts';
import { rolesFile } from '../../../apps/server/src/platform/postgres/connection.ts';
import { openDatabases } from '../../../apps/server/src/platform/postgres/databases.ts';
import { migrateDatabase, migrationsFolder } from '../../../apps/server/src/platform/postgres/migrate-database.ts';
import { PostgresUnitOfWork } from '../../../apps/server/src/platform/postgres/unit-of-work.ts';
import { startPostgres } from '../../launcher/postgres/index.ts';
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
  const dataDir = mkdtempSync(path.join(tmpdir(), 'qv-bench-'));
  // The settings of the product, but for what only loading needs.
  const postgres = await startPostgres({ dataDir, log: () => {}, settings: { fsync: 'off', max_wal_size: '4GB' } });
  const url = postgres.url();
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  const login = { host: admin.host, port: admin.port, user: String(admin.user), password: String(admin.password) };
  const database = String(admin.database);
  await admin.end();
  const facts = { host: login.host, port: login.port, database, ssl: 'off' as const };
  await migrateDatabase({ bootstrap: { ...login, database }, facts, dataDir, migrationsDir: migrationsFolder() });
  const superuser = new pg.Client({ ...login, database });
  await superuser.connect();
  await superuser.query('SET search_path = qv');
  await addTenant(superuser, largeTenant, environments);
  await seedInventory(superuser, {
    tenantId: largeTenant,
    environmentIds: environments,
    assets,
    jobs: assets,
    findings: assets,
  });
  const databases = openDatabases({
    facts,
    passwords: JSON.parse(readFileSync(rolesFile(dataDir), 'utf8')),
    appPoolMax: 4,
    statementTimeoutMs: 60_000,
    onIdleError: () => {},
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
    close: async () => {
      await superuser.end();
      await databases.close();
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
