import { decodeBase64, parseLogKeys, verifyProofFile } from '@quantumvault/tlog';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../../kernel/actor.ts';
import { systemClock } from '../../../kernel/clock.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { createAuthorize } from '../../access/index.ts';
import { AuditBench } from '../audit.test-support.ts';
import { GetAuditEvent } from './get-audit-event.ts';
import { GetLogKeys } from './get-log-keys.ts';
import { ListAudit } from './list-audit.ts';
import { ProveAuditEvent } from './prove-audit-event.ts';
import { VerifyAuditChain } from './verify-audit-chain.ts';

let bench: AuditBench;
let tenant: TenantId;
let other: TenantId;
let admin: Actor;
let list: ListAudit;
let verify: VerifyAuditChain;
let prove: ProveAuditEvent;
let get: GetAuditEvent;
let logKeys: GetLogKeys;
const results: boolean[] = [];

beforeAll(async () => {
  bench = await AuditBench.open();
  [tenant, other] = [await bench.tenant(), await bench.tenant()];
  admin = bench.user(tenant);
  const { uow, subjectKeys } = bench;
  const authorize = createAuthorize({ uow, clock: systemClock });
  const reading = bench.reading();
  list = new ListAudit({ authorize, uow, reader: reading.reader, subjectKeys });
  verify = new VerifyAuditChain({ authorize, uow, ...reading, onResult: (valid) => results.push(valid) });
  prove = new ProveAuditEvent({ authorize, uow, ...reading });
  get = new GetAuditEvent({ authorize, uow, reader: reading.reader, subjectKeys });
  const origin = `quantumvault/${bench.installationId}`;
  logKeys = new GetLogKeys({ authorize, origin, keys: () => bench.keys() });
  await bench.record(admin, {
    action: 'asset.archived',
    resource: { type: 'asset', id: 'a-1' },
    reason: { code: 'ASKED', text: 'because' },
    details: { count: 3 },
  });
  for (let at = 0; at < 8; at += 1) {
    await bench.record(admin);
    await bench.recordMany(other, 3);
  }
  await bench.publishAll();
});
afterAll(() => bench.close());

describe('ListAudit', () => {
  it('gives the events of the tenant, newest first, over pages, and nothing of another tenant', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list.execute(admin, { limit: 3, cursor });
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    const own = await bench.asSuperuser((client) =>
      client.query<{ id: string }>('SELECT id FROM audit_event WHERE tenant_id = $1', [tenant]),
    );
    expect(new Set(seen)).toEqual(new Set(own.rows.map((row) => row.id)));
  });

  it('a time range cuts where it says: not before `from`, before `to`, over pages too', async () => {
    const all = (await list.execute(admin, { limit: 200 })).items;
    const times = [...new Set(all.map((item) => item.time))].sort();
    const [from, to] = [times[1], times.at(-2)];
    const wanted = all.filter(({ time }) => from !== undefined && to !== undefined && time >= from && time < to);
    expect(wanted.length).toBeGreaterThan(1);
    const first = await list.execute(admin, { limit: 1, from, to });
    const rest = await list.execute(admin, { limit: 200, from, to, cursor: first.nextCursor ?? undefined });
    expect([...first.items, ...rest.items]).toEqual(wanted);
    expect((await list.execute(admin, { limit: 5, to: '1960-01-01T00:00:00.000Z' })).items).toEqual([]);
    expect((await list.execute(admin, { limit: 5, from: '9999-12-31T23:59:59.000Z' })).items).toEqual([]);
    expect((await list.execute(admin, { limit: 200, from: '1960-01-01T00:00:00.000Z' })).items).toEqual(all);
  });

  it('one event is the one of the listing; another tenant’s is not found', async () => {
    const [event] = (await list.execute(admin, { limit: 1, action: 'asset.archived' })).items;
    expect(await get.execute(admin, event?.id ?? '')).toEqual(event);
    const [foreign] = (await list.execute(bench.user(other), { limit: 1 })).items;
    for (const id of [foreign?.id ?? '', bench.newId()])
      await expect(get.execute(admin, id)).rejects.toMatchObject({ code: 'AUDIT_EVENT_NOT_FOUND' });
  });

  it('AUD-2: opens sealed fields for the reader, until the subject’s key is destroyed', async () => {
    const query = { limit: 10, action: 'asset.archived', resourceId: 'a-1' };
    const [event] = (await list.execute(admin, query)).items;
    expect(event).toMatchObject({
      source: '192.0.2.7',
      reason: { code: 'ASKED', text: 'because' },
      details: { count: 3 },
      outcome: 'success',
      tenantSequence: 1,
    });
    expect(event?.logIndex).toEqual(expect.any(Number));
    await bench.asSuperuser((client) =>
      client.query(
        'CREATE TABLE kept_key AS TABLE subject_key; UPDATE subject_key SET wrapped = NULL, destroyed_at = now()',
      ),
    );
    const [erased] = (await list.execute(admin, query)).items;
    expect(erased).toMatchObject({ source: null, reason: { code: 'ASKED', text: null }, details: { count: 3 } });
    expect(await verify.execute(admin)).toMatchObject({ valid: true });
    await bench.asSuperuser((client) =>
      client.query(
        'UPDATE subject_key s SET wrapped = k.wrapped, destroyed_at = NULL FROM kept_key k WHERE k.id = s.id',
      ),
    );
  });

  it('ACC-1: refuses who may not read it', async () => {
    const user = bench.user(tenant, 'organization-user');
    for (const call of [
      () => list.execute(user, { limit: 1 }),
      () => verify.execute(user),
      () => prove.execute(user, bench.newId()),
      () => get.execute(user, bench.newId()),
      () => logKeys.execute(user),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });
});

describe('VerifyAuditChain', () => {
  const chainOf = (actor: Actor) => verify.execute(actor);

  it('AUD-5: a whole chain holds, for each tenant, and says what it was measured against', async () => {
    const verdict = await chainOf(admin);
    expect(verdict).toMatchObject({ valid: true, firstBadEvent: null });
    expect(verdict.totalEvents).toBeGreaterThanOrEqual(9);
    expect(verdict.checkpoint).toContain(`quantumvault/${bench.installationId}\n`);
    expect(await chainOf(bench.user(other))).toMatchObject({ valid: true });
    expect(results.at(-1)).toBe(true);
  });

  it.each([
    ['an edited event', "UPDATE audit_event SET action = 'asset.created' WHERE resource_id = 'a-1'", 1],
    [
      'a changed chain value',
      "UPDATE audit_leaf SET chain_value = decode(repeat('00', 32), 'hex') WHERE tenant_id = $T AND tenant_sequence = 4",
      4,
    ],
    [
      'a changed hash',
      "UPDATE audit_leaf SET leaf_hash = decode(repeat('00', 32), 'hex') WHERE tenant_id = $T AND tenant_sequence = 4",
      4,
    ],
    [
      'a changed link',
      "UPDATE audit_leaf SET previous_leaf = decode(repeat('00', 32), 'hex') WHERE tenant_id = $T AND tenant_sequence = 5",
      5,
    ],
    [
      'a deleted event',
      'DELETE FROM audit_event WHERE id = (SELECT event_id FROM audit_leaf WHERE tenant_id = $T AND tenant_sequence = 6)',
      6,
    ],
    ['a deleted leaf', 'DELETE FROM audit_leaf WHERE tenant_id = $T AND tenant_sequence = 3', 3],
  ])('AUD-6: %s is named', async (_name, statement, sequence) => {
    await bench.asSuperuser((client) =>
      client.query('CREATE TABLE kept_event AS TABLE audit_event; CREATE TABLE kept_leaf AS TABLE audit_leaf'),
    );
    const bad = await bench.asSuperuser((client) =>
      client.query<{ log_index: string }>(
        'SELECT log_index FROM audit_leaf WHERE tenant_id = $1 AND tenant_sequence = $2',
        [tenant, sequence],
      ),
    );
    await bench.tamper(statement.replace('$T', `'${tenant}'`));
    const verdict = await chainOf(admin);
    await bench.tamper(
      'TRUNCATE audit_event, audit_leaf CASCADE',
      'INSERT INTO audit_event SELECT * FROM kept_event',
      'INSERT INTO audit_leaf SELECT * FROM kept_leaf',
      'DROP TABLE kept_event, kept_leaf',
    );
    expect(verdict).toMatchObject({
      valid: false,
      firstBadEvent: { logIndex: Number(bad.rows[0]?.log_index), tenantSequence: sequence },
    });
    expect(results.at(-1)).toBe(false);
    expect(await chainOf(admin)).toMatchObject({ valid: true });
  });

  it('AUD-6: a tail that was cut so well that the tenant’s own chain holds is still missing from the log', async () => {
    await bench.asSuperuser((client) => client.query('CREATE TABLE kept_leaf AS TABLE audit_leaf'));
    await bench.tamper(`DELETE FROM audit_leaf WHERE tenant_id = '${tenant}' AND tenant_sequence > 6`);
    const verdict = await chainOf(admin);
    await bench.tamper('TRUNCATE audit_leaf', 'INSERT INTO audit_leaf SELECT * FROM kept_leaf', 'DROP TABLE kept_leaf');
    const cut = await bench.asSuperuser((client) =>
      client.query<{ log_index: string }>(
        'SELECT log_index FROM audit_leaf WHERE tenant_id = $1 AND tenant_sequence = 7',
        [tenant],
      ),
    );
    expect(verdict).toMatchObject({ valid: false, firstBadEvent: { logIndex: Number(cut.rows[0]?.log_index) } });
  });
});

describe('ProveAuditEvent', () => {
  it('AUD-6: an event is proved to an outsider by its proof file and the public keys alone', async () => {
    const [event] = (await list.execute(admin, { limit: 1, action: 'asset.archived' })).items;
    const proof = await prove.execute(admin, event?.id ?? '');
    const proved = verifyProofFile(proof.proof, await bench.keys());
    expect(proved.index).toBe(BigInt(proof.logIndex));
    expect(proved.event).toMatchObject({ id: event?.id, tenant, action: 'asset.archived' });
    expect(decodeBase64(proof.leaf).length).toBeGreaterThan(100);
    expect(() =>
      verifyProofFile(proof.proof.replace(`index ${proof.logIndex}`, `index ${proof.logIndex + 1}`), []),
    ).toThrow();
  });

  it('AUD-4: the keys that the interface gives verify what it proves', async () => {
    const given = await logKeys.execute(admin);
    const [event] = (await list.execute(admin, { limit: 1, action: 'asset.archived' })).items;
    const proof = await prove.execute(admin, event?.id ?? '');
    const proved = verifyProofFile(proof.proof, parseLogKeys(given.keys));
    expect(proved.checkpoint.origin).toBe(given.origin);
  });

  it('ACC-1: another tenant’s event is not found, and neither is one that does not exist', async () => {
    const [foreign] = (await list.execute(bench.user(other), { limit: 1 })).items;
    for (const id of [foreign?.id ?? '', bench.newId()])
      await expect(prove.execute(admin, id)).rejects.toMatchObject({ code: 'AUDIT_EVENT_NOT_FOUND' });
  });

  it('says that an event is not published yet, and that a damaged one cannot be proved', async () => {
    await bench.record(admin, { resource: { type: 'asset', id: 'fresh' } });
    const [fresh] = (await list.execute(admin, { limit: 1, resourceId: 'fresh' })).items;
    expect(fresh?.logIndex).toBeNull();
    await expect(prove.execute(admin, fresh?.id ?? '')).rejects.toMatchObject({ code: 'AUDIT_NOT_PUBLISHED' });
    await bench.tamper("UPDATE audit_event SET outcome = 'failed' WHERE resource_id = 'a-1'");
    const [damaged] = (await list.execute(admin, { limit: 1, resourceId: 'a-1' })).items;
    await expect(prove.execute(admin, damaged?.id ?? '')).rejects.toMatchObject({ code: 'AUDIT_LEAF_DAMAGED' });
    expect(damaged?.details).toEqual({ damaged: true });
  });
});
