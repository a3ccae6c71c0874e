import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { writePrivateFile } from '../files/private-file.ts';
import { type ConnectionFacts, clientConfig, ownerFile, rolesFile } from './connection.ts';
import { migrate, readMigrations } from './migrations.ts';
import { prepareRoles, type RolePasswords } from './roles.ts';

function readKnown(dataDir: string): RolePasswords | null {
  try {
    return {
      ...JSON.parse(readFileSync(rolesFile(dataDir), 'utf8')),
      ...JSON.parse(readFileSync(ownerFile(dataDir), 'utf8')),
    };
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') return null;
    throw error;
  }
}

export interface MigrateOptions {
  /** The connection of DATABASE_URL's role: the only use of it in the product. */
  readonly bootstrap: pg.ClientConfig;
  readonly facts: ConnectionFacts;
  readonly dataDir: string;
  readonly migrationsDir: string;
}

export const migrationsFolder = (): string => path.join(import.meta.dirname, '..', '..', 'migrations');

/** Prepares roles and schema. Passwords reach the disk before the database, so that a crash in between loses nothing. */
export async function migrateDatabase(options: MigrateOptions): Promise<readonly string[]> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const bootstrap = new pg.Client(options.bootstrap);
  await bootstrap.connect();
  let passwords = readKnown(options.dataDir);
  try {
    const version = await bootstrap.query<{ server_version_num: string }>('SHOW server_version_num');
    if (Number(version.rows[0]?.server_version_num) < 150_000) throw new Error('PostgreSQL 15 or newer is needed.');
    await bootstrap.query('SELECT pg_advisory_lock(7203418921)');
    await bootstrap.query('BEGIN');
    const fresh = await prepareRoles(bootstrap, passwords);
    if (fresh !== null) {
      const { qv_owner: owner, ...serving } = fresh;
      writePrivateFile(ownerFile(options.dataDir), `${JSON.stringify({ qv_owner: owner }, null, 2)}\n`);
      writePrivateFile(rolesFile(options.dataDir), `${JSON.stringify(serving, null, 2)}\n`);
      passwords = fresh;
    }
    await bootstrap.query('COMMIT');
  } finally {
    await bootstrap.end();
  }
  const owner = new pg.Client(
    clientConfig({
      facts: options.facts,
      role: 'qv_owner',
      password: passwords?.qv_owner ?? '',
      statementTimeoutMs: 0,
      applicationName: 'quantumvault-migrate',
    }),
  );
  await owner.connect();
  try {
    return await migrate(owner, readMigrations(options.migrationsDir));
  } finally {
    await owner.end();
  }
}
