import {
  chainNext,
  chainStart,
  decodeEvent,
  encodeEvent,
  encodeLeaf,
  headDetails,
  leafHash,
  sameBytes,
  tenantHeadAction,
  verifyExport,
} from '@quantumvault/tlog';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../kernel/actor.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { systemActor } from '../../../kernel/system-actor.ts';
import { AuditBench } from '../audit.test-support.ts';
import { leafOfRow } from '../domain/leaf-of-row.ts';

let bench: AuditBench;
let tenant: TenantId;
let other: TenantId;
let admin: Actor;
let size = 0;

const tables = ['audit_event', 'audit_pending', 'audit_leaf', 'audit_head', 'audit_tenant_head', 'audit_checkpoint'];

/** 600 events of two tenants, in turns, published; then kept, so that each attack begins on a whole log. */
beforeAll(async () => {
  bench = await AuditBench.open();
  [tenant, other] = [await bench.tenant(), await bench.tenant()];
  admin = bench.user(tenant);
  for (let at = 0; at < 60; at += 1) await bench.recordMany(at % 3 === 0 ? other : tenant, 10);
  await bench.publishAll();
  size = Number(await bench.publishAll());
  await bench.tamper(...tables.map((table) => `CREATE TABLE kept_${table} AS TABLE ${table}`));
});
beforeEach(() =>
  bench.tamper(
    `TRUNCATE ${tables.join(', ')}`,
    ...tables.map((table) => `INSERT INTO ${table} SELECT * FROM kept_${table}`),
  ),
);
afterAll(() => bench.close());

const eventAt = (index: number) => `(SELECT event_id FROM audit_leaf WHERE log_index = ${index})`;

/** Everything from `first` on is made anew, consistently: what somebody does who knows the code. */
async function rewriteFrom(first: number): Promise<void> {
  const reader = bench.reading().whole;
  const heads = new Map<string, { sequence: number; hash: Uint8Array; chain: Uint8Array }>();
  const rows = await reader.leavesBetween(0n, BigInt(size));
  await bench.asSuperuser(async (client) => {
    await client.query('SET session_replication_role = replica');
    for (const row of rows) {
      if (row.event === null) throw new Error('whole tables are expected');
      const index = Number(row.logIndex);
      const before = heads.get(row.tenantId);
      const event = decodeEvent(row.event.bytes);
      const sequence = (before?.sequence ?? 0) + 1;
      const states = before === undefined ? {} : headDetails({ tenantSequence: sequence - 1, leafHash: before.hash });
      const details = event.action === tenantHeadAction ? states : event.details;
      const bytes = encodeEvent({ ...event, details: index === first ? { forged: true } : details });
      const leaf = encodeLeaf({
        tenant: row.tenantId,
        tenantSequence: sequence,
        event: bytes,
        ...(before === undefined ? {} : { previousTenantLeaf: before.hash }),
      });
      const hash = leafHash(leaf);
      const chain = chainNext(before?.chain ?? chainStart(row.tenantId), bytes);
      heads.set(row.tenantId, { sequence, hash, chain });
      if (index < first) continue;
      await client.query('UPDATE audit_event SET event = $2 WHERE id = $1', [row.eventId, bytes]);
      await client.query(
        'UPDATE audit_leaf SET previous_leaf = coalesce($2, previous_leaf), leaf_hash = $3, chain_value = $4 WHERE log_index = $1',
        [row.logIndex, before?.hash ?? null, hash, chain],
      );
    }
  });
}

describe('ExportAudit', () => {
  it('AUD-6: an untouched log passes and names its events; a part whose export was not recorded is a cut one', async () => {
    const all = await bench.verify(await bench.export(admin, 'all'));
    expect(all).toMatchObject({ valid: true, events: size, scope: 'all', treeSize: size });
    // Nobody writes this log: the export's own leaf is missing from the tenant's part, and that is said.
    const unrecorded = await bench.verify(await bench.export(admin, 'tenant'));
    expect(unrecorded).toMatchObject({ valid: false, reason: 'TAIL_MISSING', scope: 'tenant', tenant });
  });

  it('AUD-6: without a trusted key nothing is valid', async () => {
    const verdict = await verifyExport([await bench.export(admin)], { checkpoint: await bench.latest() });
    expect(verdict).toMatchObject({ valid: false, reason: 'NO_TRUST_ANCHOR' });
  });

  const attacks: readonly (readonly [string, readonly string[], number])[] = [
    [
      'edits the bytes of an event',
      [`UPDATE audit_event SET event = set_byte(event, 40, get_byte(event, 40) # 1) WHERE id = ${eventAt(137)}`],
      137,
    ],
    ['makes an event no event at all', [`UPDATE audit_event SET event = '\\x00' WHERE id = ${eventAt(138)}`], 138],
    [
      'edits only a column that queries use',
      [`UPDATE audit_event SET outcome = 'failed' WHERE id = ${eventAt(139)}`],
      139,
    ],
    [
      'edits only the time by a microsecond',
      [`UPDATE audit_event SET occurred_at = occurred_at + interval '1 microsecond' WHERE id = ${eventAt(140)}`],
      140,
    ],
    [
      'edits an event beyond what has a form',
      [`UPDATE audit_event SET action = 'nonsense' WHERE id = ${eventAt(141)}`],
      141,
    ],
    [
      'gives an event to another tenant',
      ['UPDATE audit_leaf SET tenant_id = gen_random_uuid() WHERE log_index = 142'],
      142,
    ],
    [
      'changes a link',
      [`UPDATE audit_leaf SET previous_leaf = decode(repeat('ab', 32), 'hex') WHERE log_index = 143`],
      143,
    ],
    [
      'changes the first link of a tenant',
      [`UPDATE audit_leaf SET previous_leaf = decode(repeat('ab', 32), 'hex') WHERE log_index = 0`],
      0,
    ],
    [
      'puts another event in a leaf’s place',
      [
        `UPDATE audit_leaf SET event_id = (SELECT event_id FROM kept_audit_leaf WHERE log_index = 9) WHERE log_index = 144`,
      ],
      144,
    ],
    ['deletes a leaf', ['DELETE FROM audit_leaf WHERE log_index = 200'], 200],
    ['deletes an event', [`DELETE FROM audit_event WHERE id = ${eventAt(201)}`], 201],
    ['deletes the first leaf', ['DELETE FROM audit_leaf WHERE log_index = 0'], 0],
    [
      'swaps two leaves',
      [
        'UPDATE audit_leaf SET log_index = -1 - log_index WHERE log_index IN (250, 260)',
        'UPDATE audit_leaf SET log_index = 510 - (-1 - log_index) WHERE log_index < 0',
      ],
      250,
    ],
    ['cuts the tail', ['DELETE FROM audit_leaf WHERE log_index >= 590', 'UPDATE audit_head SET size = 590'], 590],
    ['truncates the leaves', ['TRUNCATE audit_leaf'], 0],
    ['truncates everything', [`TRUNCATE ${tables.join(', ')}`], 0],
  ];
  it.each(attacks)(
    'AUD-6: a superuser who %s is found, with the exact first bad leaf',
    async (_name, statements, index) => {
      // Constraints are no obstacle either: they are dropped, and come back with the next restore of the schema.
      await bench.tamper(
        'ALTER TABLE audit_leaf DROP CONSTRAINT IF EXISTS audit_leaf_log_index_check',
        'ALTER TABLE audit_leaf DROP CONSTRAINT IF EXISTS audit_leaf_event_id_key',
        ...statements,
      );
      const verdict = await bench.verify(await bench.export(admin));
      expect(verdict).toMatchObject({ valid: false, firstBadLeaf: index });
    },
  );

  it.each([
    ['', 'SELECT 1'],
    [', the head moved with it', 'UPDATE audit_head SET size = size + 1'],
  ])('AUD-6: a leaf put in after the end%s is found at its place', async (_name, statement) => {
    await bench.tamper(
      statement,
      `INSERT INTO audit_event SELECT gen_random_uuid(), tenant_id, occurred_at, action, outcome, actor_kind, actor_id, resource_type, resource_id, request_id, event FROM audit_event WHERE id = ${eventAt(10)}`,
      `INSERT INTO audit_leaf SELECT ${size}, tenant_id, 900000, (SELECT id FROM audit_event WHERE id NOT IN (SELECT event_id FROM audit_leaf) LIMIT 1), previous_leaf, leaf_hash, chain_value FROM audit_leaf WHERE log_index = 10`,
    );
    const verdict = await bench.verify(await bench.export(admin));
    expect(verdict).toMatchObject({ valid: false, firstBadLeaf: size });
  });

  it('AUD-6: a leaf put in between, all later ones moved up, is found at its place', async () => {
    await bench.tamper(
      'ALTER TABLE audit_leaf DROP CONSTRAINT IF EXISTS audit_leaf_event_id_key',
      'UPDATE audit_leaf SET log_index = log_index + 100000 WHERE log_index >= 300',
      'UPDATE audit_leaf SET log_index = log_index - 99999 WHERE log_index >= 100000',
      'INSERT INTO audit_leaf SELECT 300, tenant_id, 900000, event_id, previous_leaf, leaf_hash, chain_value FROM audit_leaf WHERE log_index = 10',
    );
    const verdict = await bench.verify(await bench.export(admin));
    expect(verdict).toMatchObject({ valid: false, firstBadLeaf: 300 });
  });

  it('AUD-6: an index that the table holds twice is exported twice and found', async () => {
    await bench.tamper(
      'ALTER TABLE audit_leaf DROP CONSTRAINT audit_leaf_pkey',
      'ALTER TABLE audit_leaf DROP CONSTRAINT IF EXISTS audit_leaf_tenant_id_tenant_sequence_key',
      'ALTER TABLE audit_leaf DROP CONSTRAINT IF EXISTS audit_leaf_event_id_key',
      'INSERT INTO audit_leaf SELECT * FROM audit_leaf WHERE log_index = 499',
    );
    const text = await bench.export(admin);
    expect(text.split('\n').filter((line) => line.startsWith('{"index":499,'))).toHaveLength(2);
    expect(await bench.verify(text)).toMatchObject({ valid: false, firstBadLeaf: 499 });
    await bench.tamper('TRUNCATE audit_leaf', 'ALTER TABLE audit_leaf ADD PRIMARY KEY (log_index)');
  });

  it('AUD-6: a superuser who rewrites the whole chain with hashes made anew is found at the first changed leaf', async () => {
    await rewriteFrom(77);
    const damaged = await bench.reading().whole.leavesBetween(77n, 78n);
    const [row] = damaged;
    const made = row === undefined ? null : leafOfRow(row);
    expect(made !== null && sameBytes(leafHash(made), row?.leafHash ?? new Uint8Array())).toBe(true);
    expect(await bench.verify(await bench.export(admin))).toMatchObject({ valid: false, firstBadLeaf: 77 });
  });

  it('AUD-6: without the tiles, and with nothing but the outside checkpoint and the key, a rewrite is still found', async () => {
    await rewriteFrom(77);
    const verdict = await verifyExport([await bench.export(admin)], {
      keys: await bench.keys(),
      checkpoint: await bench.latest(),
    });
    expect(verdict.valid).toBe(false);
    const [start, end] = verdict.firstBadRange ?? [verdict.firstBadLeaf ?? -1, (verdict.firstBadLeaf ?? -2) + 1];
    expect(start).toBeLessThanOrEqual(77);
    expect(end).toBeGreaterThan(77);
  });

  it('AUD-4: an own leaf deleted from one tenant’s part shows as a gap in its sequence', async () => {
    const own = await bench.asSuperuser((client) =>
      client.query<{ log_index: bigint }>(
        'SELECT log_index FROM audit_leaf WHERE tenant_id = $1 ORDER BY log_index OFFSET 100 LIMIT 1',
        [tenant],
      ),
    );
    await bench.tamper(`DELETE FROM audit_leaf WHERE log_index = ${own.rows[0]?.log_index}`);
    const verdict = await bench.verify(await bench.export(admin, 'tenant'));
    expect(verdict).toMatchObject({
      valid: false,
      reason: 'LEAF_MISSING',
      firstBadLeaf: Number(own.rows[0]?.log_index),
    });
  });

  it('ACC-1: one tenant’s part holds no leaf of another', async () => {
    const lines = (await bench.export(bench.user(other), 'tenant'))
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line));
    const views = lines.filter((line) => line.view !== undefined);
    expect(views.length).toBeGreaterThan(100);
    expect(new Set(views.map((line) => line.view.tenant))).toEqual(new Set([other]));
  });

  it('AUD-1: the export is recorded before its first byte, and the whole log is for platform administrators only', async () => {
    await expect(bench.export(bench.user(tenant, 'organization-user'))).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
    await bench.export(admin);
    const actions = await bench.asSuperuser((client) =>
      client.query<{ action: string }>(
        'SELECT e.action FROM audit_event e JOIN audit_pending p ON p.event_id = e.id ORDER BY e.id',
      ),
    );
    expect(actions.rows.map((row) => row.action)).toEqual(['access.refused', 'audit.exported']);
  });

  it('AUD-6: leaves placed while the export runs do not disturb it', async () => {
    const sequencer = await bench.sequencer();
    sequencer.start();
    const exports = Promise.all([0, 1, 2].map(() => bench.export(admin)));
    for (let at = 0; at < 20; at += 1) await bench.recordMany(tenant, 5);
    for (const text of await exports)
      expect(await bench.verify(text)).toMatchObject({
        reason: expect.toSatisfy((reason) => reason === null || reason === 'TAIL_MISSING'),
      });
    // One tenant's part passes while the log is written, as it is in the product: the export's own leaf is in it.
    const own = await bench.verify(await bench.export(admin, 'tenant', 15_000));
    expect(own).toMatchObject({ valid: true, reason: null, scope: 'tenant', tenant });
    expect(own.events).toBeGreaterThanOrEqual(400);
    await sequencer.stop();
    await bench.record(systemActor(tenant));
  });
});
