import pg from 'pg';
import { inject } from 'vitest';
import type { ConnectionFacts, ServingRole } from '../../apps/server/src/platform/postgres/connection.ts';
import { type Databases, openDatabases } from '../../apps/server/src/platform/postgres/databases.ts';

export interface TestDatabase {
  readonly facts: ConnectionFacts;
  readonly passwords: Readonly<Record<string, string>>;
  readonly databases: Databases;
  /** A connection as the cluster's administrator: what a database superuser can do, tests do with it. */
  superuser(): Promise<pg.Client>;
  /** A plain SQL session as one of the product's roles. */
  connectAs(role: ServingRole): Promise<pg.Client>;
  close(): Promise<void>;
}

let count = 0;

/** A migrated, empty database of its own for a test file; close it when done. */
export async function cloneDatabase(): Promise<TestDatabase> {
  const cluster = inject('testCluster');
  const database = `${cluster.template}_${process.pid}_${++count}`;
  const { host, port } = cluster;
  const connect = async (name: string, login: { user: string; password: string }): Promise<pg.Client> => {
    const client = new pg.Client({ host, port, ...login, database: name });
    // The database is dropped under connections that a test left open; that is no failure of the test.
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  const bootstrap = { user: cluster.bootstrapUser, password: cluster.bootstrapPassword };
  const admin = await connect('postgres', bootstrap);
  // Two files that clone at once collide on the template for a moment: the loser tries again.
  for (let attempt = 1; ; attempt += 1) {
    try {
      await admin.query(`CREATE DATABASE ${database} TEMPLATE ${cluster.template}`);
      break;
    } catch (error) {
      if (attempt >= 50 || Reflect.get(Object(error), 'code') !== '55006') throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  await admin.end();
  const facts: ConnectionFacts = { host: cluster.host, port: cluster.port, database, ssl: 'off' };
  const databases = openDatabases({
    facts,
    passwords: cluster.passwords,
    appPoolMax: 10,
    statementTimeoutMs: 30_000,
    onIdleError: () => {},
  });
  return {
    facts,
    passwords: cluster.passwords,
    databases,
    superuser: async () => {
      const client = await connect(database, cluster.superuser);
      await client.query('SET search_path = qv');
      return client;
    },
    connectAs: async (role) => {
      const client = await connect(database, { user: role, password: cluster.passwords[role] ?? '' });
      await client.query('SET search_path = qv');
      return client;
    },
    close: async () => {
      await databases.close();
      const cleaner = await connect('postgres', bootstrap);
      await dropDatabase(cleaner, database);
      await cleaner.end();
    },
  };
}

/**
 * An autovacuum worker belongs to nobody, so a role without superuser rights may not end it (42501): it is waited for, some
 * seconds in a database as small as these.
 */
async function dropDatabase(client: pg.Client, database: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
      return;
    } catch (error) {
      const isForbidden = error instanceof Error && 'code' in error && error.code === '42501';
      if (!isForbidden || attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
