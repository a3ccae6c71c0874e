/** A migrated PostgreSQL and what sign-in needs of the server, in this process: nothing of HTTP is in the way. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { systemClock } from '../../apps/server/src/kernel/clock.ts';
import { type NewId, uuidV7Source } from '../../apps/server/src/kernel/ids.ts';
import { PostgresSessionKeyStore } from '../../apps/server/src/modules/identity/tokens/postgres-session-key-store.ts';
import { SessionKeys } from '../../apps/server/src/modules/identity/tokens/session-keys.ts';
import { RootKey, RootOfTrust } from '../../apps/server/src/modules/keys/index.ts';
import { rolesFile } from '../../apps/server/src/platform/postgres/connection.ts';
import { type Databases, openDatabases } from '../../apps/server/src/platform/postgres/databases.ts';
import { migrateDatabase, migrationsFolder } from '../../apps/server/src/platform/postgres/migrate-database.ts';
import { startPostgres } from '../launcher/postgres/index.ts';

/** The organization that everybody measured belongs to. */
export const tenantId = '01920000-0000-7000-8000-000000000001';

/** So many others, so that the planner sees tables and not pages. */
const othersCount = 1000;

export interface OpenInstallation {
  readonly databases: Databases;
  readonly sessionKeys: SessionKeys;
  readonly newId: NewId;
  readonly superuser: pg.Client;
  /** The id of a new user without a password. */
  addUser(email: string, status: 'active' | 'suspended'): Promise<string>;
  close(): Promise<void>;
}

export async function openInstallation(): Promise<OpenInstallation> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'qv-timing-'));
  // The disk's waits are the same for every class and only make the measurement longer.
  const postgres = await startPostgres({ dataDir, log: () => {}, settings: { fsync: 'off' } });
  const admin = new pg.Client({ connectionString: postgres.url() });
  await admin.connect();
  const login = { host: admin.host, port: admin.port, user: String(admin.user), password: String(admin.password) };
  const database = String(admin.database);
  await admin.end();
  const facts = { host: login.host, port: login.port, database, ssl: 'off' as const };
  await migrateDatabase({ bootstrap: { ...login, database }, facts, dataDir, migrationsDir: migrationsFolder() });
  const superuser = new pg.Client({ ...login, database });
  await superuser.connect();
  await superuser.query('SET search_path = qv');
  const databases = openDatabases({
    facts,
    passwords: JSON.parse(readFileSync(rolesFile(dataDir), 'utf8')),
    appPoolMax: 4,
    statementTimeoutMs: 60_000,
    onIdleError: () => {},
  });
  const newId = uuidV7Source(() => systemClock.now().getTime());
  const root = new RootKey();
  const keyFile = path.join(dataDir, 'seal.key');
  const { installationId } = await new RootOfTrust({ db: databases.app, root, keyFile, newId }).open();
  const store = new PostgresSessionKeyStore({ db: databases.app });
  const sessionKeys = new SessionKeys({ store, root, clock: systemClock, newId, algorithm: 'Ed25519' });
  await sessionKeys.refresh(installationId);
  await superuser.query("INSERT INTO organization (id, name) VALUES ($1, 'Timing')", [tenantId]);
  await superuser.query(
    `WITH made AS (INSERT INTO subject (id, tenant_id, kind, status, display_name)
       SELECT gen_random_uuid(), $1, 'user', 'active', 'other' FROM generate_series(1, $2::integer) RETURNING id)
     INSERT INTO user_account (id, tenant_id, email) SELECT id, $1, id || '@example.org' FROM made`,
    [tenantId, othersCount],
  );
  await superuser.query('ANALYZE');
  return {
    databases,
    sessionKeys,
    newId,
    superuser,
    addUser: async (email, status) => {
      const id = newId<string>();
      await superuser.query(
        `WITH made AS (INSERT INTO subject (id, tenant_id, kind, status, display_name) VALUES ($1, $2, 'user', $3, $4))
         INSERT INTO user_account (id, tenant_id, email) VALUES ($1, $2, $4)`,
        [id, tenantId, status, email],
      );
      return id;
    },
    close: async () => {
      await databases.close();
      await superuser.end();
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
