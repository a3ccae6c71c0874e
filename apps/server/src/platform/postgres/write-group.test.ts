import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../../../../../tests/harness/database.ts';
import { noAccess } from '../../kernel/access.ts';
import { type Actor, internalRequest, noCredential } from '../../kernel/actor.ts';
import { type ActorId, type TenantId, uuidV7Source } from '../../kernel/ids.ts';
import { systemActor } from '../../kernel/system-actor.ts';
import type { Transaction, WriteTransaction } from '../../kernel/unit-of-work.ts';
import { plainAppender } from './unit-of-work.test-support.ts';
import { PostgresUnitOfWork, sqlOf } from './unit-of-work.ts';

const newId = uuidV7Source(() => 1_700_000_000_000);
const tenantId = newId<TenantId>();

const jobActor = (): Actor => ({
  kind: 'job',
  id: newId<ActorId>(),
  tenantId,
  access: noAccess,
  credential: noCredential,
  approval: null,
  request: internalRequest('request'),
});

describe('a group of writes', () => {
  let database: TestDatabase;
  let uow: PostgresUnitOfWork;
  beforeAll(async () => {
    database = await cloneDatabase();
    uow = new PostgresUnitOfWork({ db: database.databases.app, newId, appender: plainAppender(newId) });
    await uow.write(systemActor(tenantId), async (tx) => {
      await sqlOf(tx).insertInto('organization').values({ id: tenantId, name: 'o' }).execute();
      await tx.audit({ action: 'organization.created', resource: { type: 'organization', id: tenantId } });
    });
  });
  afterAll(() => database.close());

  const insert = (tx: Transaction, name: string) =>
    sqlOf(tx)
      .insertInto('environment')
      .values({ id: newId<string>(), tenant_id: tenantId, name, type: 'local' })
      .execute();
  const write = (name: string) => async (tx: WriteTransaction) => {
    await insert(tx, name);
    await tx.publish('made', { name });
    await tx.audit({ action: 'asset.created', resource: { type: 'environment', id: name } });
    return name;
  };
  const stored = async () => {
    const administrator = await database.superuser();
    const names = await administrator.query<{ name: string; xid: string }>(
      'SELECT name, xmin::text AS xid FROM environment ORDER BY name',
    );
    const events = await administrator.query<{ resource_id: string; actor_id: string }>(
      "SELECT resource_id, actor_id FROM audit_event WHERE action = 'asset.created' ORDER BY resource_id",
    );
    const messages = await administrator.query<{ name: string }>(
      "SELECT payload->>'name' AS name FROM outbox ORDER BY id",
    );
    await administrator.end();
    return { names: names.rows.map(({ name }) => name), events: events.rows, messages: messages.rows };
  };

  it('AUD-1: a write that fails is undone with its events and messages; those before and after it stay, in one transaction', async () => {
    const actors = [jobActor(), jobActor(), jobActor(), jobActor()] as const;
    const outcomes = await uow.writeGroup(actors, async (group) => {
      const first = await group.write(actors[0], write('first'));
      const broken = group.write(actors[1], async (tx) => {
        await write('broken')(tx);
        await sql`SELECT 1 / 0`.execute(sqlOf(tx));
      });
      await expect(broken).rejects.toThrow(/division by zero/);
      const silent = group.write(actors[2], (tx) => insert(tx, 'silent'));
      await expect(silent).rejects.toThrow(/without an audit event/);
      return [first, await group.write(actors[3], write('last'))];
    });
    expect(outcomes).toEqual(['first', 'last']);
    const { names, events, messages } = await stored();
    expect(names).toEqual(['first', 'last']);
    expect(events).toEqual([
      { resource_id: 'first', actor_id: actors[0].id },
      { resource_id: 'last', actor_id: actors[3].id },
    ]);
    expect(messages).toEqual([{ name: 'first' }, { name: 'last' }]);
  });

  it('AUD-1: a group that has recorded nothing changes nothing', async () => {
    const actor = jobActor();
    const before = await stored();
    expect(
      await uow.writeGroup([actor], async (group) => {
        await insert(group.tx, 'unrecorded');
        return 'done';
      }),
    ).toBe('done');
    expect(await stored()).toEqual(before);
  });

  it('AUD-1: a group that fails as a whole leaves nothing of any write', async () => {
    const actor = jobActor();
    const before = await stored();
    const group = uow.writeGroup([actor], async (parts) => {
      await parts.write(actor, write('lost'));
      throw new Error('after all');
    });
    await expect(group).rejects.toThrow('after all');
    expect(await stored()).toEqual(before);
  });

  it('ACC-1: a group of two tenants, with an Idempotency-Key or of an actor it does not know is refused', async () => {
    const work = async () => undefined;
    const actor = jobActor();
    await expect(uow.writeGroup([actor, { ...actor, tenantId: newId<TenantId>() }], work)).rejects.toThrow(TypeError);
    const idempotency = { key: 'k', requestHash: new Uint8Array(32) };
    const keyed = { ...actor, request: { ...actor.request, idempotency } };
    await expect(uow.writeGroup([keyed], work)).rejects.toThrow(TypeError);
    await expect(uow.writeGroup([], work)).rejects.toThrow(TypeError);
    const stranger = uow.writeGroup([actor], (group) => group.write(jobActor(), write('stranger')));
    await expect(stranger).rejects.toThrow(/not named/);
  });
});
