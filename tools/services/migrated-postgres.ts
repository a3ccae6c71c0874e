/** An embedded PostgreSQL of its own with the product's migrations, for measurements that want no server around it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { rolesFile } from '../../apps/server/src/platform/postgres/connection.ts';
import { type Databases, openDatabases } from '../../apps/server/src/platform/postgres/databases.ts';
import { migrateDatabase, migrationsFolder } from '../../apps/server/src/platform/postgres/migrate-database.ts';
import { startPostgres } from '../launcher/postgres/index.ts';

export interface MigratedPostgres {
  /** A temporary folder that ends with the database; the data folder of whoever plays the server. */
  readonly dataDir: string;
  readonly superuser: pg.Client;
  /** As the server's roles reach it. */
  readonly databases: Databases;
  close(): Promise<void>;
}

/** Starts it; `settings` are PostgreSQL's, beside the product's own. Waits for the disk are left out. */
export async function openMigratedPostgres(settings: Readonly<Record<string, string>> = {}): Promise<MigratedPostgres> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'qv-measured-'));
  const postgres = await startPostgres({ dataDir, log: () => {}, settings: { fsync: 'off', ...settings } });
  const superuser = new pg.Client({ connectionString: postgres.url() });
  await superuser.connect();
  const { host, port } = superuser;
  const login = { host, port, user: String(superuser.user), password: String(superuser.password) };
  const database = String(superuser.database);
  const facts = { host, port, database, ssl: 'off' as const };
  await migrateDatabase({ bootstrap: { ...login, database }, facts, dataDir, migrationsDir: migrationsFolder() });
  await superuser.query('SET search_path = qv');
  const databases = openDatabases({
    facts,
    passwords: JSON.parse(readFileSync(rolesFile(dataDir), 'utf8')),
    appPoolMax: 4,
    statementTimeoutMs: 60_000,
    onIdleError: () => {},
  });
  return {
    dataDir,
    superuser,
    databases,
    close: async () => {
      await superuser.end();
      await databases.close();
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
