import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../../../../../tests/harness/database.ts';
import { type TenantId, uuidV7Source } from '../../kernel/ids.ts';
import { systemActor } from '../../kernel/system-actor.ts';
import { createLogger } from '../logging/logger.ts';
import { plainAppender } from '../postgres/unit-of-work.test-support.ts';
import { PostgresUnitOfWork, sqlOf } from '../postgres/unit-of-work.ts';
import { type OutboxMessage, OutboxRelay } from './outbox-relay.ts';

const newId = uuidV7Source(() => 1_700_000_000_000);
const tenantId = newId<TenantId>();
const entry = { action: 'organization.created', resource: { type: 'organization', id: tenantId } };

describe('the transactional outbox', () => {
  let database: TestDatabase;
  let uow: PostgresUnitOfWork;
  const logger = createLogger('error', { write: () => {} });

  beforeAll(async () => {
    database = await cloneDatabase();
    uow = new PostgresUnitOfWork({
      db: database.databases.app,
      newId,
      appender: plainAppender(newId),
    });
    await uow.write(systemActor(tenantId), async (tx) => {
      await sqlOf(tx).insertInto('organization').values({ id: tenantId, name: 'o' }).execute();
      await tx.audit(entry);
    });
  });
  afterAll(() => database.close());

  const publish = (count: number, fails = false) =>
    uow.write(systemActor(tenantId), async (tx) => {
      for (let index = 0; index < count; index += 1) await tx.publish('test.made', { index });
      await tx.audit(entry);
      if (fails) throw new Error('rolled back');
    });
  const relayTo = (deliver: (messages: readonly OutboxMessage[]) => Promise<void>) =>
    new OutboxRelay({ db: database.databases.worker, sinks: [{ name: 'test', deliver }], logger, pollIntervalMs: 50 });

  it('RES-10: delivers in order what was committed, once when nothing fails, and nothing that was rolled back', async () => {
    await publish(450);
    await expect(publish(1, true)).rejects.toThrow('rolled back');
    const seen: unknown[] = [];
    const relay = relayTo(async (messages) => void seen.push(...messages.map((message) => message.payload)));
    await relay.drain();
    expect(seen).toEqual(Array.from({ length: 450 }, (_, index) => ({ index })));
    await relay.drain();
    expect(seen).toHaveLength(450);
  });

  it('RES-10: a sink that fails is asked again and loses nothing', async () => {
    await publish(3);
    let attempts = 0;
    const seen: string[] = [];
    const relay = relayTo(async (messages) => {
      attempts += 1;
      if (attempts === 1) throw new Error('sink is down');
      seen.push(...messages.map((message) => message.tenantId));
    });
    await expect(relay.drain()).rejects.toThrow('sink is down');
    await relay.drain();
    expect(seen).toEqual([tenantId, tenantId, tenantId]);
  });

  it('IFC-1: idempotency keys are forgotten after a day, not before', async () => {
    const client = await database.superuser();
    await client.query(
      `INSERT INTO idempotency_key (tenant_id, actor_id, key, request_hash, created_at)
       SELECT $1, $1, 'key-' || hours, sha256('x'), now() - make_interval(hours => hours) FROM unnest(ARRAY[1, 23, 25, 100]) AS hours`,
      [tenantId],
    );
    await relayTo(async () => {}).pruneIdempotencyKeys();
    const left = await client.query<{ key: string }>('SELECT key FROM idempotency_key ORDER BY key');
    await client.end();
    expect(left.rows.map((row) => row.key)).toEqual(['key-1', 'key-23']);
  });
});
