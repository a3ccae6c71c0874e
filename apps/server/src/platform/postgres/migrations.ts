import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '@quantumvault/crypto';
import type pg from 'pg';

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** The stored schema and the code do not fit; the message says which migration and what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code = 'DATABASE_MIGRATION';
}

/** Reads `NNNN_name.sql` files: one sequence without gaps, forward only. */
export function readMigrations(folder: string): readonly Migration[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  return files.map((file, index) => {
    const match = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file);
    if (match?.[1] === undefined || match[2] === undefined || Number(match[1]) !== index + 1) {
      throw new MigrationError(`${file} does not continue the sequence of migrations`);
    }
    const sql = readFileSync(path.join(folder, file), 'utf8');
    return {
      version: index + 1,
      name: match[2],
      sql,
      checksum: Buffer.from(sha256(Buffer.from(sql, 'utf8'))).toString('hex'),
    };
  });
}

async function applied(client: pg.Client): Promise<Map<number, string>> {
  const rows = await client.query<{ version: number; checksum: string }>(
    'SELECT version, checksum FROM schema_migration ORDER BY version',
  );
  return new Map(rows.rows.map((row) => [row.version, row.checksum]));
}

function compare(migrations: readonly Migration[], done: ReadonlyMap<number, string>): readonly Migration[] {
  for (const [version, checksum] of done) {
    const migration = migrations[version - 1];
    if (migration === undefined)
      throw new MigrationError(
        `The database has migration ${version}, which this release does not know: it was written by a newer release.`,
      );
    if (migration.checksum !== checksum)
      throw new MigrationError(`Migration ${version} (${migration.name}) was changed after it was applied.`);
  }
  return migrations.slice(done.size);
}

/**
 * Applies what is missing, as `qv_owner`, each migration in its own transaction under one advisory lock, so that two
 * starting processes do not collide. A lock that another session holds on a table makes it fail after five seconds
 * rather than queue before everybody else's queries.
 *
 * @returns names of the migrations that were applied
 */
export async function migrate(client: pg.Client, migrations: readonly Migration[]): Promise<readonly string[]> {
  await client.query('SELECT pg_advisory_lock(7203418920)');
  try {
    await client.query('CREATE SCHEMA IF NOT EXISTS qv');
    await client.query('GRANT USAGE ON SCHEMA qv TO qv_app, qv_auth, qv_worker, qv_audit, qv_sequencer');
    await client.query('ALTER DEFAULT PRIVILEGES IN SCHEMA qv REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC');
    await client.query('ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC');
    await client.query(
      'CREATE TABLE IF NOT EXISTS schema_migration (version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    await client.query('GRANT SELECT ON schema_migration TO qv_app');
    const pending = compare(migrations, await applied(client));
    for (const migration of pending) {
      await client.query('BEGIN');
      try {
        await client.query("SET LOCAL lock_timeout = '5s'");
        await client.query(migration.sql);
        await client.query('INSERT INTO schema_migration (version, name, checksum) VALUES ($1, $2, $3)', [
          migration.version,
          migration.name,
          migration.checksum,
        ]);
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw new MigrationError(
          `Migration ${migration.version} (${migration.name}) failed and changed nothing: ${error instanceof Error ? error.message : 'unknown'}`,
          { cause: error },
        );
      }
    }
    return pending.map((migration) => migration.name);
  } finally {
    await client.query('SELECT pg_advisory_unlock(7203418920)');
  }
}
