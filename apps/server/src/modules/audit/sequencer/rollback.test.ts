import { cpSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TenantId } from '../../../kernel/ids.ts';
import { AuditBench } from '../audit.test-support.ts';
import type { Sequencer, SequencerState } from './sequencer.ts';

let bench: AuditBench;
let tenant: TenantId;
beforeEach(async () => {
  bench = await AuditBench.open();
  tenant = await bench.tenant();
  await bench.recordMany(tenant, 20);
  await bench.publishAll();
});
afterEach(() => bench.close());

const tables = ['audit_event', 'audit_pending', 'audit_leaf', 'audit_head', 'audit_tenant_head', 'audit_checkpoint'];
const copy = () => bench.tamper(...tables.map((table) => `CREATE TABLE kept_${table} AS TABLE ${table}`));
const restore = () =>
  bench.tamper(
    `TRUNCATE ${tables.join(', ')}`,
    ...tables.map((table) => `INSERT INTO ${table} SELECT * FROM kept_${table}`),
  );

async function settled(sequencer: Sequencer): Promise<SequencerState> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    if (sequencer.state.name === 'halted' || sequencer.state.name === 'leading') return sequencer.state;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return sequencer.state;
}

async function expectHalted(message: RegExp): Promise<void> {
  const before = await bench.latest();
  const sequencer = await bench.sequencer();
  sequencer.start();
  const state = await settled(sequencer);
  expect(state.name).toBe('halted');
  expect(state.message).toMatch(message);
  expect(sequencer.health().status).toBe('unavailable');
  expect(sequencer.chainValid).toBe(false);
  expect(bench.chainValid.at(-1)).toBe(false);
  await sequencer.stop();
  expect(await bench.latest()).toBe(before);
}

describe('AUD-7: a log that is not the published one is refused', () => {
  it('AUD-7: yesterday’s tables', async () => {
    await copy();
    await bench.recordMany(tenant, 5);
    await bench.publishAll();
    await restore();
    await bench.recordMany(tenant, 1);
    await expectHalted(/^DATABASE_ROLLED_BACK/);
    expect((await bench.verify(await bench.export(bench.user(tenant)))).valid).toBe(false);
  });

  it('AUD-7: yesterday’s tables, grown again to more leaves than were published', async () => {
    await copy();
    await bench.recordMany(tenant, 3);
    await bench.publishAll();
    await restore();
    const outside = bench.checkpointsDir;
    cpSync(outside, `${outside}.kept`, { recursive: true });
    rmSync(outside, { recursive: true });
    // Without the outside store the log would go on as if nothing had been; even then the table says what was published.
    await expectHalted(/^OUTSIDE_ROLLED_BACK/);
    await bench.tamper('TRUNCATE audit_checkpoint');
    await bench.recordMany(tenant, 30);
    await bench.publishAll();
    rmSync(outside, { recursive: true });
    cpSync(`${outside}.kept`, outside, { recursive: true });
    await bench.tamper('TRUNCATE audit_checkpoint');
    await expectHalted(/^DATABASE_FORKED/);
  });

  it.each([
    [
      'an edited event',
      `UPDATE audit_event SET action = 'asset.archived' WHERE id = (SELECT event_id FROM audit_leaf WHERE log_index = 4)`,
    ],
    ['a deleted leaf', 'DELETE FROM audit_leaf WHERE log_index = 4'],
    ['a deleted event', 'DELETE FROM audit_event WHERE id = (SELECT event_id FROM audit_leaf WHERE log_index = 4)'],
    ['another recorded root', `UPDATE audit_checkpoint SET root = decode(repeat('00', 32), 'hex')`],
  ])('AUD-7: %s', async (_name, statement) => {
    await bench.tamper(statement);
    await expectHalted(/^DATABASE_FORKED/);
  });

  it('AUD-7: leaves that somebody else wrote', async () => {
    await bench.tamper(
      `INSERT INTO audit_leaf SELECT log_index + 100, tenant_id, tenant_sequence + 100, gen_random_uuid(), previous_leaf, leaf_hash, chain_value
         FROM audit_leaf WHERE log_index = 4`,
    );
    await expectHalted(/^DATABASE_WRITTEN_BY_OTHERS/);
  });

  it('AUD-7: a running sequencer finds an edit on its round, and goes on once the log is whole again', async () => {
    const sequencer = await bench.sequencer({ timing: { pollMs: 20, patrolMs: 50, haltedRetryMs: 200 } });
    sequencer.start();
    expect((await settled(sequencer)).name).toBe('leading');
    await bench.tamper(
      'CREATE TABLE kept AS TABLE audit_event',
      `UPDATE audit_event SET event = set_byte(event, 60, get_byte(event, 60) # 1) WHERE id = (SELECT event_id FROM audit_leaf WHERE log_index = 7)`,
    );
    for (let attempt = 0; attempt < 250 && sequencer.state.name !== 'halted'; attempt += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sequencer.state.message).toMatch(/leaf 7 is not the one that was published/);
    await bench.tamper('UPDATE audit_event e SET event = k.event FROM kept k WHERE k.id = e.id');
    for (let attempt = 0; attempt < 250 && sequencer.state.name !== 'leading'; attempt += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sequencer.state.name).toBe('leading');
    expect(bench.chainValid.slice(-2)).toEqual([false, true]);
  });

  it('AUD-7: a running sequencer does not write over leaves that are not its own', async () => {
    const sequencer = await bench.sequencer();
    sequencer.start();
    expect((await settled(sequencer)).name).toBe('leading');
    await bench.tamper(
      'UPDATE audit_head SET size = size - 2',
      'DELETE FROM audit_leaf WHERE log_index >= (SELECT size FROM audit_head)',
    );
    await bench.recordMany(tenant, 1);
    for (let attempt = 0; attempt < 250 && sequencer.state.name !== 'halted'; attempt += 1)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sequencer.state.message).toMatch(/^DATABASE_ROLLED_BACK/);
  });
});
