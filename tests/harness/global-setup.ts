import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { readRolePasswords, rolesFile } from '../../apps/server/src/platform/postgres/connection.ts';
import { migrateDatabase } from '../../apps/server/src/platform/postgres/migrate-database.ts';
import { checkDatabaseUrl } from '../../tools/launcher/database-url.ts';
import { startPostgres } from '../../tools/launcher/postgres/index.ts';

/** What a test needs to clone a database: where the cluster is and who may create databases there. */
export interface TestCluster {
  readonly host: string;
  readonly port: number;
  readonly bootstrapUser: string;
  readonly bootstrapPassword: string;
  /** Who plays the malicious administrator. */
  readonly superuser: { readonly user: string; readonly password: string };
  readonly template: string;
  readonly dataDir: string;
  readonly passwords: Readonly<Record<string, string>>;
}

declare module 'vitest' {
  interface ProvidedContext {
    testCluster: TestCluster;
  }
}

/**
 * One PostgreSQL for the whole run: the one of DATABASE_URL, else the embedded one in a temporary folder. It is migrated
 * once, as the product migrates, into a template; each test file works on a clone.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'qv-test-'));
  const outside = process.env.DATABASE_URL;
  // A test database may be lost, so it need not wait for the disk; and several servers share it. Else it is as in production.
  const postgres =
    outside === undefined
      ? await startPostgres({ dataDir, log: () => {}, settings: { fsync: 'off', max_connections: 100 } })
      : null;
  const url = outside === undefined ? (postgres?.url() ?? '') : checkDatabaseUrl(outside, 'verify-full').url;
  const admin = new pg.Client({ connectionString: url });
  const template = `qv_template_${process.pid}_${Date.now().toString(36)}`;

  const teardown = async (): Promise<void> => {
    const leftovers = await admin.query<{ datname: string }>('SELECT datname FROM pg_database WHERE datname LIKE $1', [
      `${template}%`,
    ]);
    for (const { datname } of leftovers.rows) await admin.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
    if (postgres === null) await dropRoles(admin);
    await admin.end();
    await postgres?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };

  try {
    await admin.connect();
    await admin.query(`CREATE DATABASE ${template}`);
    const bootstrap = {
      host: admin.host,
      port: admin.port,
      user: String(admin.user),
      password: String(admin.password),
    };
    await migrateDatabase({
      bootstrap: { ...bootstrap, database: template },
      facts: { host: admin.host, port: admin.port, database: template, ssl: 'off' },
      dataDir,
      migrationsDir: path.join(import.meta.dirname, '../../apps/server/src/migrations'),
    });
    project.provide('testCluster', {
      host: admin.host,
      port: admin.port,
      bootstrapUser: bootstrap.user,
      bootstrapPassword: bootstrap.password,
      superuser: await superuserOf(admin, bootstrap),
      template,
      dataDir,
      passwords: readRolePasswords(rolesFile(dataDir)),
    });
  } catch (error) {
    // Without this the embedded server, which outlives its starter on purpose, would stay.
    await teardown().catch(() => postgres?.stop());
    throw error;
  }
  return teardown;
}

async function dropRoles(admin: pg.Client): Promise<void> {
  await admin.query('DROP ROLE IF EXISTS qv_app, qv_auth, qv_worker, qv_audit, qv_sequencer, qv_owner');
}

interface Login {
  readonly user: string;
  readonly password: string;
}

/** Many tests do what only a superuser can: without one they would prove nothing, so the run does not begin. */
async function superuserOf(admin: pg.Client, bootstrap: Login): Promise<Login> {
  const role = await admin.query<{ rolsuper: boolean }>('SELECT rolsuper FROM pg_roles WHERE rolname = current_user');
  if (role.rows[0]?.rolsuper === true) return { user: bootstrap.user, password: bootstrap.password };
  const given = process.env.QV_TEST_SUPERUSER_URL;
  if (given === undefined) {
    throw new Error(
      'The role in DATABASE_URL is no superuser: the tests also need QV_TEST_SUPERUSER_URL, on the same cluster.',
    );
  }
  const url = new URL(given);
  return { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
}
