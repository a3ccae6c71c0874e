import { decodeEvent } from '@quantumvault/tlog';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { platformTenantId } from '../../../kernel/ids.ts';
import { AuditBench } from '../audit.test-support.ts';
import { AuthRefusals } from './auth-refusals.ts';
import { addressesPerMinuteMax, RefusalCounter } from './refusal-counter.ts';

describe('RefusalCounter', () => {
  it('AUD-1: counts a bounded number of addresses a minute, and all others together', () => {
    const counter = new RefusalCounter();
    for (let round = 0; round < 3; round += 1)
      for (let at = 0; at < 5_000; at += 1) counter.count(`2001:db8::${at.toString(16)}`, 0);
    counter.count(null, 0);
    const counts = counter.take();
    expect(counts.size).toBe(addressesPerMinuteMax + 1);
    expect(counts.get('2001:db8::0')).toBe(3);
    expect(counts.get(null)).toBe(3 * 4_000 + 1);
    expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(15_001);
    expect(counter.take().size).toBe(0);
  });

  it('AUD-1: a new minute counts new addresses; what is put back is not lost', () => {
    const counter = new RefusalCounter();
    for (let at = 0; at <= addressesPerMinuteMax; at += 1) counter.count(`a${at}`, 0);
    expect(counter.take().get(null)).toBe(1);
    counter.count('late', 60_000);
    const taken = counter.take();
    expect(taken).toEqual(new Map([['late', 1]]));
    counter.putBack(taken);
    counter.count('late', 60_001);
    expect(counter.take()).toEqual(new Map([['late', 2]]));
  });
});

describe('AuthRefusals', () => {
  let bench: AuditBench;
  beforeEach(async () => {
    bench = await AuditBench.open();
  });
  afterEach(() => bench.close());

  const open = () =>
    new AuthRefusals({
      db: bench.database.databases.audit,
      subjectKeys: () => bench.subjectKeys,
      clock: bench.clock,
      newId: bench.newId,
      logger: bench.logger,
    });
  const rows = () =>
    bench.asSuperuser(async (client) => (await client.query('SELECT source, refusals FROM auth_refusal_count')).rows);
  const events = () =>
    bench.asSuperuser(async (client) => {
      const { rows } = await client.query<{ event: Uint8Array }>('SELECT event FROM audit_event');
      return rows.map((row) => decodeEvent(row.event));
    });
  // All that a test counts falls into one minute of the database.
  const earlyInMinute =
    'SELECT pg_sleep(CASE WHEN extract(second FROM now()) > 55 THEN 60.01 - extract(second FROM now()) ELSE 0 END)';
  const endMinute = () => bench.tamper("UPDATE auth_refusal_count SET minute = minute - interval '2 minutes'");

  it('AUD-1: refusals become one event per address when their minute is over, exactly once', async () => {
    const [first, second] = [open(), open()];
    await bench.asSuperuser((client) => client.query(earlyInMinute));
    for (let at = 0; at < 250; at += 1) first.count(`198.51.100.${at}`);
    first.count('198.51.100.0');
    first.count(null);
    await first.flush();
    first.count('198.51.100.0');
    await first.flush();
    expect(await rows()).toHaveLength(251);
    await first.closeMinutes();
    expect(await events()).toEqual([]);

    await endMinute();
    await Promise.all([first.closeMinutes(), second.closeMinutes(), first.closeMinutes()]);
    await second.closeMinutes();
    expect(await rows()).toEqual([]);
    const written = await events();
    expect(written).toHaveLength(251);
    expect(written.every((event) => event.tenant === platformTenantId && event.action === 'auth.refused')).toBe(true);
    const sum = written.reduce((total, event) => total + Number(event.details.refusals), 0);
    expect(sum).toBe(253);
    const three = written.filter((event) => event.details.refusals === 3);
    expect(three).toHaveLength(1);
    const sealed = three[0]?.source;
    if (sealed == null) throw new Error('the address is sealed');
    const address = await bench.uow.read(platformTenantId, (tx) =>
      bench.subjectKeys.read(tx, { keyId: sealed.subjectKey, suite: sealed.suite, bytes: sealed.bytes }, 'source'),
    );
    expect(address).toBe('198.51.100.0');
  });

  it('AUD-2: no address is stored in the clear', async () => {
    const refusals = open();
    refusals.count('198.51.100.77');
    await refusals.flush();
    await bench.asSuperuser(async (client) => {
      const { rows } = await client.query(
        'SELECT 1 FROM auth_refusal_count r WHERE r::text LIKE $1 OR position($2::bytea IN source) > 0',
        ['%198.51.100.77%', Buffer.from('198.51.100.77')],
      );
      expect(rows).toEqual([]);
    });
  });

  it('AUD-1: what cannot be written now is kept and written later', async () => {
    const refusals = open();
    refusals.count('198.51.100.1');
    await bench.asSuperuser((client) => client.query('REVOKE INSERT ON auth_refusal_count FROM qv_audit'));
    await expect(refusals.flush()).rejects.toThrow();
    await bench.asSuperuser((client) => client.query('GRANT INSERT ON auth_refusal_count TO qv_audit'));
    refusals.start();
    await refusals.stop();
    expect((await rows()).map((row) => Number(row.refusals))).toEqual([1]);
  });
});
