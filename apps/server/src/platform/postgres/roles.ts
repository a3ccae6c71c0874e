import { randomBytes } from '@quantumvault/crypto';
import type pg from 'pg';
import { servingRoles } from './connection.ts';

export const databaseRoles = ['qv_owner', ...servingRoles] as const;
export type RolePasswords = Readonly<Record<string, string>>;

/** Why the roles could not be prepared, in words for the operator. */
export class DatabaseRolesError extends Error {
  override readonly name = 'DatabaseRolesError';
  readonly code = 'DATABASE_ROLES';
}

const newPassword = (): string => Buffer.from(randomBytes(32)).toString('base64url');

/**
 * Makes the roles of ACC-1 with random passwords, or checks that those of this data folder are in use. Roles belong to
 * the whole cluster: when they exist and own anything, here or in another database, and this folder does not know
 * their passwords, they are another installation's and are left alone.
 *
 * @returns the passwords to keep, when they are new; null when the known ones stay valid
 */
export async function prepareRoles(client: pg.Client, known: RolePasswords | null): Promise<RolePasswords | null> {
  const existing = await client.query<{ rolname: string }>('SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)', [
    databaseRoles,
  ]);
  const present = new Set(existing.rows.map((row) => row.rolname));
  if (known !== null && databaseRoles.every((role) => present.has(role) && known[role] !== undefined)) {
    await grantDatabase(client);
    return null;
  }
  if (known === null && present.size > 0) await refuseWhenInUse(client);

  const passwords: Record<string, string> = {};
  for (const role of databaseRoles) {
    const password = known?.[role] ?? newPassword();
    passwords[role] = password;
    const statement = present.has(role) ? 'ALTER ROLE' : 'CREATE ROLE';
    // Utility statements take no parameters: the server quotes both for us. The password travels over the socket or TLS only.
    const text = await client.query<{ sql: string }>(
      "SELECT format($1 || ' %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD %L', $2::text, $3::text) AS sql",
      [statement, role, password],
    );
    const sql = text.rows[0]?.sql;
    if (sql === undefined) throw new DatabaseRolesError('the database did not answer');
    await client.query(
      present.has(role)
        ? sql.replace(' NOSUPERUSER', '').replace(' NOREPLICATION', '').replace(' NOBYPASSRLS', '')
        : sql,
    );
  }
  await grantDatabase(client);
  return passwords;
}

async function refuseWhenInUse(client: pg.Client): Promise<void> {
  const used = await client.query<{ datname: string }>(
    `SELECT DISTINCT d.datname FROM pg_shdepend s JOIN pg_database d ON d.oid = s.dbid
      WHERE s.refclassid = 'pg_authid'::regclass AND s.deptype = 'o'
        AND s.refobjid = (SELECT oid FROM pg_roles WHERE rolname = 'qv_owner')`,
  );
  if (used.rows.length === 0) return;
  const names = used.rows.map((row) => row.datname).join(', ');
  throw new DatabaseRolesError(
    `The roles qv_* of this PostgreSQL belong to an installation in the database ${names}, and this data folder does not hold their passwords. ` +
      'Use the data folder of that installation (copy database-roles.json and database-owner.json from it for a further process), or another PostgreSQL cluster.',
  );
}

async function grantDatabase(client: pg.Client): Promise<void> {
  const grant = await client.query<{ sql: string }>(
    "SELECT format('GRANT CONNECT, CREATE ON DATABASE %I TO qv_owner', current_database()) AS sql",
  );
  const connect = await client.query<{ sql: string }>(
    "SELECT format('GRANT CONNECT ON DATABASE %I TO qv_app, qv_auth, qv_worker, qv_audit, qv_sequencer', current_database()) AS sql",
  );
  for (const row of [...grant.rows, ...connect.rows]) await client.query(row.sql);
  // Nobody else connects, and no role of ours can make temporary objects that stand before real ones.
  const revoke = await client.query<{ sql: string }>(
    "SELECT format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()) AS sql",
  );
  for (const row of revoke.rows) await client.query(row.sql);
  const owner = await client.query<{ ok: boolean }>(
    "SELECT has_database_privilege('qv_owner', current_database(), 'CREATE') AS ok",
  );
  if (owner.rows[0]?.ok !== true)
    throw new DatabaseRolesError(
      'The role in DATABASE_URL cannot grant CREATE on this database: it must own the database.',
    );
}
