/** A migrated PostgreSQL and what sign-in needs of the server, in this process: nothing of HTTP is in the way. */
import path from 'node:path';
import type pg from 'pg';
import { systemClock } from '../../apps/server/src/kernel/clock.ts';
import { type NewId, uuidV7Source } from '../../apps/server/src/kernel/ids.ts';
import { PostgresSessionKeyStore } from '../../apps/server/src/modules/identity/tokens/postgres-session-key-store.ts';
import { SessionKeys } from '../../apps/server/src/modules/identity/tokens/session-keys.ts';
import { RootKey, RootOfTrust } from '../../apps/server/src/modules/keys/index.ts';
import type { Databases } from '../../apps/server/src/platform/postgres/databases.ts';
import { openMigratedPostgres } from '../services/migrated-postgres.ts';

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
  const { dataDir, superuser, databases, close } = await openMigratedPostgres();
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
    close,
  };
}
