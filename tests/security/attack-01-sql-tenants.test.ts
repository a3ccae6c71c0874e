import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServingRole, servingRoles } from '../../apps/server/src/platform/postgres/connection.ts';
import { cloneDatabase, type TestDatabase } from '../harness/database.ts';
import { fillBothTenants, insertion, readTables, type Table, tenants } from '../harness/two-tenants.ts';

// ACC-1, attack case 1: a direct SQL session with each of the server's roles, tenant A set. Every table of the catalogue has
// one row of A and one of B. What a role may see or change beyond A is listed here with its reason, column by column; anything
// else, in any table and any function that a later migration brings, fails.

type Command = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** Where a role works for all organizations: the columns that it sees there, or null where seeing is not at stake. */
const acrossTenants: Readonly<Record<string, { readonly columns: readonly string[] | null; readonly reason: string }>> =
  {
    'qv_worker SELECT job': {
      columns: [
        'id',
        'tenant_id',
        'kind',
        'status',
        'priority',
        'run_at',
        'attempts',
        'attempts_max',
        'lease_token',
        'lease_until',
        'cancel_requested_at',
      ],
      reason: 'claims the next job of any organization; its content is read as qv_app within the tenant',
    },
    'qv_worker UPDATE job': { columns: null, reason: 'takes and gives back claims' },
    'qv_worker SELECT job_schedule': {
      columns: ['id', 'tenant_id', 'enabled', 'next_run_at'],
      reason: 'finds schedules that are due; their content is read within the tenant',
    },
    'qv_worker SELECT access_grant': {
      columns: ['id', 'tenant_id', 'source', 'expires_at', 'revoked_at', 'expiry_noted_at'],
      reason: 'finds temporary grants that have ended; which right whom is read within the tenant',
    },
    'qv_worker SELECT approval_request': {
      columns: ['id', 'tenant_id', 'status', 'expires_at'],
      reason: 'finds open requests that have run out; what they are about is read within the tenant',
    },
    'qv_worker SELECT outbox': {
      columns: ['id', 'tenant_id', 'topic', 'payload', 'created_at'],
      reason: 'delivers messages of any organization; they hold ids only',
    },
    'qv_worker UPDATE outbox': { columns: null, reason: 'locks what it delivers' },
    'qv_worker DELETE outbox': { columns: null, reason: 'takes delivered messages out' },
    'qv_worker SELECT idempotency_key': { columns: ['created_at'], reason: 'finds keys that are over, by age alone' },
    'qv_worker DELETE idempotency_key': { columns: null, reason: 'deletes keys that are over a day old' },
    'qv_audit INSERT audit_event': { columns: null, reason: 'records refusals of any organization, reads none' },
    'qv_audit INSERT audit_pending': { columns: null, reason: 'marks them for the log' },
    'qv_sequencer SELECT audit_event': {
      columns: ['*'],
      reason: 'orders the events of all organizations into one log',
    },
    'qv_sequencer SELECT audit_pending': { columns: ['*'], reason: 'drains the marks' },
    'qv_sequencer INSERT audit_pending': { columns: null, reason: 'marks heads that it announces' },
    'qv_sequencer DELETE audit_pending': { columns: null, reason: 'drains the marks' },
    'qv_sequencer SELECT audit_leaf': { columns: ['*'], reason: 'continues every chain' },
    'qv_sequencer INSERT audit_leaf': { columns: null, reason: 'writes the leaves of all organizations' },
    'qv_sequencer SELECT audit_tenant_head': { columns: ['*'], reason: 'continues every chain' },
    'qv_sequencer INSERT audit_tenant_head': { columns: null, reason: 'begins the chain of a new organization' },
    'qv_sequencer UPDATE audit_tenant_head': { columns: null, reason: 'moves the heads of all organizations' },
  };

/** Functions that any role may call, each with the reason why no tenant is crossed. Those named `auth_` are qv_auth's alone. */
const callable: Readonly<Record<string, string>> = {
  current_tenant: 'says the tenant that this session has set',
  protect_tenant_table: 'runs with the rights of its caller, who owns no table',
  search_words: 'computes from its arguments',
  asset_terms: 'computes from its arguments',
  asset_uses: 'computes from its arguments',
  limits_exchange: 'buckets of digests and numbers, of no organization; qv_auth alone',
  limits_leave: 'takes a process out of the count; qv_auth alone',
  platform_organizations: 'names of organizations, for the tenant that is the platform alone',
};

/** What a function tells of all organizations by design, with the reason. */
const tellsOfAll: Readonly<Record<string, string>> = {
  auth_keys_of_settings: 'how many keys of settings are in use, a number for the health of the installation',
  auth_request_quotas:
    'quotas of requests that the platform set: ids and numbers; qv_auth alone, which counts requests',
  auth_due_lock_notices: 'locks whose notice is due, for the one process that records them: ids and times, no content',
};

interface Outcome {
  readonly rows: number;
  readonly code: string | null;
}

const insufficientPrivilege = '42501';

describe('attack case 1: SQL sessions of the server’s roles', () => {
  let database: TestDatabase;
  let superuser: pg.Client;
  let tables: readonly Table[];
  const sessions = new Map<ServingRole, pg.Client>();

  beforeAll(async () => {
    database = await cloneDatabase();
    superuser = await database.superuser();
    tables = await readTables(superuser);
    await fillBothTenants(superuser, tables);
    for (const role of servingRoles) sessions.set(role, await database.connectAs(role));
  });
  afterAll(async () => {
    for (const session of [...sessions.values(), superuser]) await session.end();
    await database.close();
  });

  const sessionOf = (role: ServingRole): pg.Client => {
    const session = sessions.get(role);
    if (session === undefined) throw new Error(`no session of ${role}`);
    return session;
  };

  /** Runs one statement in a transaction of its own, with this tenant set, and takes it back. */
  async function attempt(
    role: ServingRole,
    tenant: string,
    statement: string,
    values: readonly unknown[] = [],
  ): Promise<Outcome> {
    const session = sessionOf(role);
    await session.query('BEGIN');
    try {
      await session.query("SELECT set_config('qv.tenant', $1, true)", [tenant]);
      const { rowCount } = await session.query(statement, [...values]);
      return { rows: rowCount ?? 0, code: null };
    } catch (error) {
      return { rows: 0, code: String(Reflect.get(Object(error), 'code')) };
    } finally {
      await session.query('ROLLBACK');
    }
  }

  /** Columns on which the role has this privilege, by the catalogue. */
  async function columnsOf(role: ServingRole, table: Table, command: Exclude<Command, 'DELETE'>): Promise<string[]> {
    const { rows } = await superuser.query<{ name: string }>(
      'SELECT name FROM unnest($1::text[]) AS name WHERE has_column_privilege($2, $3, name, $4)',
      [table.columns.map(({ name }) => name), role, `qv.${table.name}`, command],
    );
    return rows.map(({ name }) => name);
  }

  const tenantTables = () => tables.filter(({ tenantColumn }) => tenantColumn !== null);
  const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

  async function stateOfB(): Promise<string[]> {
    const sums: string[] = [];
    for (const { name, tenantColumn } of tenantTables()) {
      const { rows } = await superuser.query<{ sum: string }>(
        `SELECT count(*) || '/' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS sum FROM "${name}" t WHERE "${tenantColumn}" = $1`,
        [tenants.B.id],
      );
      sums.push(`${name} ${rows[0]?.sum}`);
    }
    return sums;
  }

  it('ACC-1: every table with a tenant has a row of each, so that nothing below is empty by accident', async () => {
    expect(tenantTables().length).toBeGreaterThan(20);
    for (const { name, tenantColumn } of tenantTables()) {
      const { rows } = await superuser.query(`SELECT "${tenantColumn}" AS tenant FROM "${name}" ORDER BY 1`);
      expect({ name, rows }).toEqual({ name, rows: [{ tenant: tenants.A.id }, { tenant: tenants.B.id }] });
    }
  });

  it('ACC-1: with tenant A set, no role reads a row of B; without a tenant none reads anything', async () => {
    const leaks: string[] = [];
    const used = new Set<string>();
    let questions = 0;
    for (const role of servingRoles) {
      for (const table of tenantTables()) {
        const exception = `${role} SELECT ${table.name}`;
        const columns = await columnsOf(role, table, 'SELECT');
        for (const [tenant, own] of [
          [tenants.A.id, 1],
          ['', 0],
        ] as const) {
          const select =
            columns.length === 0 ? `SELECT FROM "${table.name}"` : `SELECT ${quoted(columns)} FROM "${table.name}"`;
          const seen = await attempt(role, tenant, select);
          questions += 1;
          const isRefused = seen.code === insufficientPrivilege;
          if (seen.code !== null && !isRefused) leaks.push(`${exception}: failed with ${seen.code}`);
          if (columns.length === 0 && !isRefused) leaks.push(`${exception}: no column is granted, yet it answers`);
          if (seen.rows <= own) continue;
          used.add(exception);
          const allowed = acrossTenants[exception]?.columns;
          if (allowed === undefined || allowed === null) leaks.push(`${exception}: sees ${seen.rows} rows`);
          else if (!allowed.includes('*') && columns.some((name) => !allowed.includes(name)))
            leaks.push(`${exception}: sees ${columns.filter((name) => !allowed.includes(name)).join(', ')} of all`);
        }
      }
    }
    expect(leaks).toEqual([]);
    // An exception that nothing needs any more is a hole that nobody looks at.
    const listed = Object.keys(acrossTenants).filter((name) => name.includes(' SELECT '));
    expect(listed.filter((name) => !used.has(name))).toEqual([]);
    console.log(
      `${servingRoles.length} roles x ${tenantTables().length} tables, read: ${questions} questions, 0 rows of another tenant but ${used.size} listed`,
    );
  });

  it('ACC-1: with tenant A set, no role inserts, changes, moves or deletes a row of B', async () => {
    const before = await stateOfB();
    const breaches: string[] = [];
    const used = new Set<string>();
    let attempts = 0;
    const judge = (role: ServingRole, command: Command, table: Table, outcome: Outcome, rowsOfOwn: number): void => {
      attempts += 1;
      const name = `${role} ${command} ${table.name}`;
      if (outcome.code === null && outcome.rows <= rowsOfOwn) return;
      if (outcome.code === insufficientPrivilege) return;
      used.add(name);
      if (!(name in acrossTenants)) breaches.push(`${name}: ${outcome.code ?? `${outcome.rows} rows`}`);
    };
    for (const role of servingRoles) {
      for (const table of tenantTables()) {
        const granted = await columnsOf(role, table, 'INSERT');
        const ofB = insertion(
          { ...table, columns: table.columns.filter(({ name }) => granted.includes(name)) },
          'B',
          9001,
        );
        const isInsertable = table.tenantColumn !== null && granted.includes(table.tenantColumn);
        const inserting = isInsertable ? ofB : insertion(table, 'B', 9001);
        judge(role, 'INSERT', table, await attempt(role, tenants.A.id, inserting.text, inserting.values), 0);
        const updatable = await columnsOf(role, table, 'UPDATE');
        const column = updatable.find((name) => name !== table.tenantColumn) ?? table.columns[0]?.name ?? '';
        judge(
          role,
          'UPDATE',
          table,
          await attempt(role, tenants.A.id, `UPDATE "${table.name}" SET "${column}" = "${column}"`),
          1,
        );
        const move = `UPDATE "${table.name}" SET "${table.tenantColumn}" = $1`;
        judge(role, 'UPDATE', table, await attempt(role, tenants.A.id, move, [tenants.B.id]), 0);
        judge(role, 'DELETE', table, await attempt(role, tenants.A.id, `DELETE FROM "${table.name}"`), 1);
        const truncate = await attempt(role, tenants.A.id, `TRUNCATE "${table.name}"`);
        if (truncate.code !== insufficientPrivilege) breaches.push(`${role} TRUNCATE ${table.name}: ${truncate.code}`);
      }
    }
    expect(breaches).toEqual([]);
    expect(await stateOfB()).toEqual(before);
    const listed = Object.keys(acrossTenants).filter((name) => !name.includes(' SELECT '));
    expect(listed.filter((name) => !used.has(name))).toEqual([]);
    console.log(
      `${servingRoles.length} roles x ${tenantTables().length} tables, change: ${attempts} attempts, 0 rows of another tenant but ${used.size} listed`,
    );
  });

  it('ACC-1: no function that a role may call tells of another tenant without being given a credential of it', async () => {
    const { rows } = await superuser.query<{ role: ServingRole; name: string; call: string }>(
      `SELECT role, p.proname AS name,
              CASE p.prokind WHEN 'p' THEN 'CALL ' ELSE 'SELECT * FROM ' END || p.proname || '(' ||
              coalesce((SELECT string_agg('NULL::' || format_type(t.oid, NULL), ', ' ORDER BY t.at)
                          FROM unnest(p.proargtypes) WITH ORDINALITY AS t (oid, at)), '') || ')' AS call
         FROM unnest($1::text[]) AS role, pg_proc p
        WHERE p.pronamespace = 'qv'::regnamespace AND p.prorettype <> 'trigger'::regtype
          AND has_function_privilege(role, p.oid, 'EXECUTE') ORDER BY 1, 2`,
      [servingRoles],
    );
    const unlisted = rows.filter(
      ({ role, name }) => !(name in callable) && !(role === 'qv_auth' && /^auth_/.test(name)),
    );
    expect(unlisted.map(({ role, name }) => `${role} ${name}`)).toEqual([]);
    const talkative: string[] = [];
    for (const { role, name, call } of rows) {
      const session = sessionOf(role);
      await session.query('BEGIN');
      await session.query("SELECT set_config('qv.tenant', $1, true)", [tenants.A.id]);
      const answer = await session.query(call).then(
        (result) => JSON.stringify(result.rows),
        () => 'refused',
      );
      await session.query('ROLLBACK');
      if (answer.includes(tenants.B.mark) && !(name in tellsOfAll)) talkative.push(`${role} ${call}: ${answer}`);
    }
    expect(talkative).toEqual([]);
    const key = await attempt('qv_auth', tenants.A.id, 'SELECT * FROM auth_find_api_key($1)', ['bbbbbbbb-nothing']);
    expect(key).toEqual({ rows: 0, code: null });
    console.log(`${rows.length} functions x roles called: ${talkative.length} tell of another tenant`);
  });

  it('ACC-1: no role switches the protection off, changes a policy, becomes another role or reads files', async () => {
    const statements = [
      'ALTER TABLE asset DISABLE ROW LEVEL SECURITY',
      'ALTER TABLE asset NO FORCE ROW LEVEL SECURITY',
      'DROP POLICY tenant_isolation ON asset',
      'CREATE POLICY all_rows ON asset TO PUBLIC USING (true)',
      'SET ROLE qv_owner',
      'SET SESSION AUTHORIZATION qv_owner',
      "SET session_replication_role = 'replica'",
      'CREATE FUNCTION qv.mine() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$',
      'CREATE TABLE qv.mine (a int)',
      'CREATE VIEW qv.mine AS SELECT * FROM qv.asset',
      "SELECT pg_read_file('/etc/passwd')",
      "COPY (SELECT 1) TO PROGRAM 'true'",
      'GRANT qv_owner TO CURRENT_USER',
      'ALTER ROLE CURRENT_USER BYPASSRLS',
    ];
    const allowed: string[] = [];
    for (const role of servingRoles)
      for (const statement of statements) {
        const { code } = await attempt(role, tenants.A.id, statement);
        // 0LP01: a role cannot be made a member where one may not administer it.
        if (code !== insufficientPrivilege && code !== '0LP01')
          allowed.push(`${role}: ${statement}: ${code ?? 'done'}`);
      }
    expect(allowed).toEqual([]);
    // This one may be said by anybody; then the query fails instead of showing more.
    const session = sessionOf('qv_app');
    await session.query('SET row_security = off');
    await expect(session.query('SELECT * FROM asset')).rejects.toMatchObject({ code: insufficientPrivilege });
    await session.query('RESET row_security');
  });

  it('ACC-1: a tenant that is no id, or is several, shows nothing; one that is set in a transaction ends with it', async () => {
    for (const tenant of ['x', `${tenants.A.id},${tenants.B.id}`, `${tenants.A.id}' OR '1'='1`, '%', '{}', ' '])
      expect(await attempt('qv_app', tenant, 'SELECT * FROM asset')).toEqual({ rows: 0, code: '22P02' });
    expect(await attempt('qv_app', tenants.A.id, 'SELECT * FROM asset')).toEqual({ rows: 1, code: null });
    const { rowCount } = await sessionOf('qv_app').query('SELECT * FROM asset');
    expect(rowCount).toBe(0);
  });

  it('ACC-1: statistics and plans of the database show no value of another tenant', async () => {
    await superuser.query('ANALYZE');
    for (const role of servingRoles) {
      const session = sessionOf(role);
      const { rows } = await session.query<{ text: string }>('SELECT s::text AS text FROM pg_stats s');
      expect({ role, leaks: rows.filter(({ text }) => text.includes(tenants.B.mark)) }).toEqual({ role, leaks: [] });
    }
  });
});
