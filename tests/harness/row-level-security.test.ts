import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from './database.ts';

/** Tables without a tenant, each with the reason. A new table is either here or under forced row-level security. */
const platformTables: Readonly<Record<string, string>> = {
  schema_migration: 'which migrations were applied',
  installation: 'the id of this installation',
  root_key_seal: 'the sealed root key',
  log_key: 'the wrapped signing keys of the log',
  audit_head: 'the size of the log',
  audit_checkpoint: 'signed tree heads, public by nature',
  auth_refusal_count: 'refusals before a tenant is known; qv_audit only',
};

describe('ACC-1: row-level security', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await cloneDatabase();
  });
  afterAll(() => database.close());

  it('ACC-1: every table is under forced row-level security with a tenant policy, or is on the list of platform tables', async () => {
    const client = await database.superuser();
    const tables = await client.query<{ name: string; forced: boolean; policies: bigint }>(
      `SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS forced,
              (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant_isolation') AS policies
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'qv' AND c.relkind IN ('r', 'p') ORDER BY 1`,
    );
    await client.end();
    expect(tables.rows.length).toBeGreaterThan(20);
    const exposed = tables.rows.filter(
      (table) => !(table.name in platformTables) && !(table.forced && Number(table.policies) === 1),
    );
    expect(exposed.map((table) => table.name)).toEqual([]);
  });

  it('ACC-1: no role of the product is a superuser, bypasses row-level security or can create roles', async () => {
    const client = await database.superuser();
    const roles = await client.query(
      "SELECT rolname FROM pg_roles WHERE rolname LIKE 'qv\\_%' AND rolname <> 'qv_bootstrap' AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
    );
    await client.end();
    expect(roles.rows).toEqual([]);
  });
});
