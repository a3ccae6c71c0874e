import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../../../../../tests/harness/database.ts';
import { accessOfRoles } from '../../kernel/access.test-support.ts';
import { type Actor, internalRequest, noCredential } from '../../kernel/actor.ts';
import { type ActorId, idFrom, type TenantId, uuidV7Source } from '../../kernel/ids.ts';
import { plainAppender } from './unit-of-work.test-support.ts';
import { PostgresUnitOfWork, sqlOf } from './unit-of-work.ts';

const newId = uuidV7Source(() => 1_700_000_000_000);
const tenantA = newId<TenantId>();
const tenantB = newId<TenantId>();

const actorOf = (tenantId: TenantId, idempotency: Actor['request']['idempotency'] = null): Actor => ({
  kind: 'user',
  id: idFrom<ActorId>('01920000-0000-7000-8000-0000000000aa'),
  tenantId,
  access: accessOfRoles(['organization-admin']),
  credential: noCredential,
  approval: null,
  request: { ...internalRequest('request'), idempotency },
});
const keyed = (key: string, fill: number): Actor =>
  actorOf(tenantA, { key, requestHash: new Uint8Array(32).fill(fill) });

describe('ACC-1: the unit of work', () => {
  let database: TestDatabase;
  let uow: PostgresUnitOfWork;
  const entry = { action: 'asset.created', resource: { type: 'asset', id: 'x' } };

  beforeAll(async () => {
    database = await cloneDatabase();
    uow = new PostgresUnitOfWork({
      db: database.databases.app,
      newId,
      appender: plainAppender(newId),
    });
    for (const tenantId of [tenantA, tenantB]) {
      await uow.write(actorOf(tenantId), async (tx) => {
        await sqlOf(tx).insertInto('organization').values({ id: tenantId, name: 'o' }).execute();
        await sqlOf(tx)
          .insertInto('environment')
          .values({ id: newId<string>(), tenant_id: tenantId, name: 'local', type: 'local' })
          .execute();
        await tx.audit(entry);
      });
    }
  });
  afterAll(() => database.close());

  const environments = (tenantId: TenantId) =>
    uow.read(tenantId, (tx) => sqlOf(tx).selectFrom('environment').select('tenant_id').execute());

  it('ACC-1: a tenant sees its own rows and nothing of another', async () => {
    expect(await environments(tenantA)).toEqual([{ tenant_id: tenantA }]);
    expect(await environments(tenantB)).toEqual([{ tenant_id: tenantB }]);
  });

  it('ACC-1: without a tenant qv_app sees zero rows in every tenant table and can insert none', async () => {
    const client = await database.connectAs('qv_app');
    const tables = await client.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables t WHERE schemaname = 'qv' AND rowsecurity",
    );
    expect(tables.rows.length).toBeGreaterThan(15);
    for (const { name } of tables.rows) {
      const readable = await client.query<{ ok: boolean }>("SELECT has_table_privilege('qv_app', $1, 'SELECT') AS ok", [
        `qv.${name}`,
      ]);
      if (readable.rows[0]?.ok !== true) continue;
      const rows = await client.query<{ count: string }>(`SELECT count(*) AS count FROM qv.${name}`);
      expect({ name, count: Number(rows.rows[0]?.count) }).toEqual({ name, count: 0 });
    }
    await expect(
      client.query("INSERT INTO qv.organization (id, name) VALUES (gen_random_uuid(), 'x')"),
    ).rejects.toThrow(/row-level security/);
    await client.end();
  });

  it('ACC-1: a row of another tenant cannot be written', async () => {
    const write = uow.write(actorOf(tenantA), async (tx) => {
      await sqlOf(tx)
        .insertInto('environment')
        .values({ id: newId<string>(), tenant_id: tenantB, name: 'x', type: 'local' })
        .execute();
      await tx.audit(entry);
    });
    await expect(write).rejects.toThrow(/row-level security/);
  });

  it('ACC-1: the tenant does not outlive its transaction on the pooled connection', async () => {
    await environments(tenantA);
    const rows = await database.databases.app.selectFrom('environment').selectAll().execute();
    expect(rows).toEqual([]);
  });

  it('AUD-1: a change without an audit event does not commit', async () => {
    const write = uow.write(actorOf(tenantA), async (tx) => {
      await sqlOf(tx)
        .insertInto('environment')
        .values({ id: newId<string>(), tenant_id: tenantA, name: 'silent', type: 'local' })
        .execute();
    });
    await expect(write).rejects.toThrow(/without an audit event/);
    expect(await environments(tenantA)).toHaveLength(1);
  });

  it('IFC-1: a repeated Idempotency-Key runs the work once and gets the stored answer, also when both arrive at once', async () => {
    let runs = 0;
    const work = () =>
      uow.write(keyed('once', 1), async (tx) => {
        runs += 1;
        await tx.audit(entry);
        return { run: runs };
      });
    const answers = await Promise.all([work(), work(), work()]);
    expect(runs).toBe(1);
    expect(answers).toEqual([{ run: 1 }, { run: 1 }, { run: 1 }]);
  });

  it('IFC-1: the same key with another request is refused, and a failed attempt leaves the key free', async () => {
    const work = (actor: Actor, fails: boolean) =>
      uow.write(actor, async (tx) => {
        await tx.audit(entry);
        if (fails) throw new Error('no');
        return { done: true };
      });
    await expect(work(keyed('retry', 1), true)).rejects.toThrow('no');
    expect(await work(keyed('retry', 1), false)).toEqual({ done: true });
    await expect(work(keyed('retry', 2), false)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('RES-10: a connection lost between two statements fails the next one as DATABASE_UNAVAILABLE and ends nothing else', async () => {
    const lost = uow.read(tenantA, async (tx) => {
      const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(sqlOf(tx));
      const administrator = await database.superuser();
      await administrator.query('SELECT pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
      await administrator.end();
      // The driver hears of it while nobody waits for a statement: an error that nobody caught would fail this run.
      await sleep(50);
      await sql`SELECT 1`.execute(sqlOf(tx));
    });
    await expect(lost).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(await environments(tenantA)).toHaveLength(1);
  });
});
