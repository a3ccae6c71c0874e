import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from './database.ts';

/** Tables without a tenant, each with the reason. A new table is either here or under forced row-level security. */
const platformTables: Readonly<Record<string, string>> = {
  schema_migration: 'which migrations were applied',
  installation: 'the id of this installation',
  root_key_seal: 'the sealed root key',
  log_key: 'the wrapped signing keys of the log',
  session_key: 'the wrapped keys of sessions',
  audit_head: 'the size of the log',
  audit_checkpoint: 'signed tree heads, public by nature',
  limit_process: 'server processes that reconcile their limits; no role reads it but by a function',
  limit_bucket: 'what is left of request limits, under hashes; no role reads it but by a function',
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

  it('ACC-1: a function that runs with its owner’s rights has a fixed search_path, temporary objects last', async () => {
    const client = await database.superuser();
    const functions = await client.query<{ proname: string; config: string[] | null }>(
      "SELECT proname, proconfig AS config FROM pg_proc WHERE pronamespace = 'qv'::regnamespace AND prosecdef ORDER BY 1",
    );
    await client.end();
    expect(functions.rows.length).toBeGreaterThan(10);
    // Those of qv_auth aside, which find credentials before a tenant is known.
    const others = functions.rows.map(({ proname }) => proname).filter((name) => !name.startsWith('auth_'));
    expect(others).toEqual([
      'limits_exchange',
      'limits_leave',
      'platform_organizations',
      'quota_add',
      'quota_check',
      'quota_count_added',
      'quota_last_step',
      'quota_note_left',
      'tally_added',
      'tally_changed',
      'tally_last_step',
      'tally_removed',
    ]);
    for (const { config } of functions.rows) expect(config).toEqual(['search_path=qv, pg_temp']);
  });

  it('ACC-1: a temporary table of the caller does not stand in for the table that a function reads', async () => {
    const client = await database.connectAs('qv_auth');
    await client.query(`SET search_path = pg_temp, qv;
      CREATE TEMP TABLE api_key (id uuid, tenant_id uuid, subject_id uuid, secret_hash bytea, prefix text, revoked_at timestamptz, expires_at timestamptz);
      CREATE TEMP TABLE subject (tenant_id uuid, id uuid, kind text, status text);
      CREATE TEMP TABLE access_version (tenant_id uuid, version bigint);
      GRANT ALL ON api_key, subject, access_version TO PUBLIC;
      INSERT INTO api_key VALUES (gen_random_uuid(), '00000000-0000-0000-0000-000000000009', '00000000-0000-0000-0000-000000000008', '\\x00', 'mine');
      INSERT INTO subject VALUES ('00000000-0000-0000-0000-000000000009', '00000000-0000-0000-0000-000000000008', 'user', 'active');
      INSERT INTO access_version VALUES ('00000000-0000-0000-0000-000000000009', 1)`);
    const found = await client.query("SELECT * FROM qv.auth_find_api_key('mine')");
    await client.end();
    expect(found.rows).toEqual([]);
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
