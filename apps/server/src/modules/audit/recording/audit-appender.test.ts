import { decodeEvent } from '@quantumvault/tlog';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantId } from '../../../kernel/ids.ts';
import { systemActor } from '../../../kernel/system-actor.ts';
import type { ServingRole } from '../../../platform/postgres/connection.ts';
import { AuditBench } from '../audit.test-support.ts';
import { PlatformAudit } from './platform-audit.ts';

let bench: AuditBench;
let tenant: TenantId;
beforeAll(async () => {
  bench = await AuditBench.open();
  tenant = await bench.tenant();
});
afterAll(() => bench.close());

const eventsOf = (tenantId: string) =>
  bench.asSuperuser(async (client) => {
    const { rows } = await client.query<{ event: Uint8Array; is_pending: boolean }>(
      `SELECT e.event, p.event_id IS NOT NULL AS is_pending FROM audit_event e LEFT JOIN audit_pending p ON p.event_id = e.id
        WHERE e.tenant_id = $1 ORDER BY e.id`,
      [tenantId],
    );
    return rows.map((row) => ({
      event: decodeEvent(row.event),
      bytes: Buffer.from(row.event),
      isPending: row.is_pending,
    }));
  });

describe('PostgresAuditAppender', () => {
  it('AUD-2: writes the committed form with a pending mark; address and free text are ciphertext', async () => {
    const actor = bench.user(tenant);
    const secretReason = 'Erika Mustermann asked for it by telephone';
    await bench.uow.write(actor, (tx) =>
      tx.audit({
        action: 'asset.archived',
        resource: { type: 'asset', id: 'a-1' },
        outcome: 'failed',
        reason: { code: 'ASSET_IN_USE', text: secretReason },
        riskScore: 12,
        details: { jobs: 2, algorithm: 'ML-DSA-44', forced: false, note: null },
      }),
    );
    const stored = (await eventsOf(tenant)).at(-1);
    expect(stored?.isPending).toBe(true);
    expect(stored?.event).toMatchObject({
      tenant,
      actor: { kind: 'user', id: actor.id },
      action: 'asset.archived',
      resource: { type: 'asset', id: 'a-1' },
      outcome: 'failed',
      reason: { code: 'ASSET_IN_USE' },
      requestId: actor.request.id,
      riskScore: 12,
      details: { jobs: 2, algorithm: 'ML-DSA-44', forced: false, note: null },
    });
    for (const text of [secretReason, 'Mustermann', '192.0.2.7']) expect(stored?.bytes.includes(text)).toBe(false);
    const { source, reason } = stored?.event ?? { source: null, reason: null };
    const open = (field: 'source' | 'reason', sealed: NonNullable<typeof source>) =>
      bench.uow.read(tenant, (tx) =>
        bench.subjectKeys.read(tx, { keyId: sealed.subjectKey, suite: sealed.suite, bytes: sealed.bytes }, field),
      );
    if (source === null || reason?.text == null) throw new Error('both are sealed');
    expect(await open('source', source)).toBe('192.0.2.7');
    expect(await open('reason', reason.text)).toBe(secretReason);
    await expect(open('reason', source)).rejects.toMatchObject({ code: 'CRYPTO_AUTHENTICATION_FAILED' });
  });

  it.each([
    ['AUDIT_ACTION_UNKNOWN', { action: 'asset.vanished' }],
    ['AUDIT_ACTION_UNKNOWN', { action: 'tenant.head' }],
    ['AUDIT_EVENT_INVALID', { details: { share: 0.5 } }],
    ['AUDIT_EVENT_INVALID', { resource: { type: 'asset', id: 'x'.repeat(300) } }],
    ['AUDIT_EVENT_TOO_LARGE', { details: { list: 'x'.repeat(17_000) } }],
    ['AUDIT_EVENT_TOO_LARGE', { reason: { code: 'LONG', text: 'x'.repeat(17_000) } }],
  ])('AUD-2: %s is refused before the effect', async (code, entry) => {
    const count = (await eventsOf(tenant)).length;
    const actor = bench.user(tenant);
    const effect = bench.uow.write(actor, async (tx) => {
      await tx.publish('test.effect', { is: 'undone' });
      await tx.audit({ action: 'asset.created', resource: { type: 'asset', id: 'x' }, ...entry });
    });
    await expect(effect).rejects.toMatchObject({ code });
    expect(await eventsOf(tenant)).toHaveLength(count);
    const outbox = await bench.asSuperuser((client) => client.query('SELECT 1 FROM outbox'));
    expect(outbox.rows).toEqual([]);
  });

  it('AUD-2: the system itself is no person: no key, no free text', async () => {
    await expect(
      bench.record(systemActor(tenant), { reason: { code: 'X', text: 'somebody said' } }),
    ).rejects.toMatchObject({ code: 'AUDIT_EVENT_INVALID' });
    const platform = new PlatformAudit({ db: bench.database.databases.audit, clock: bench.clock, newId: bench.newId });
    await platform.record({ action: 'server.started', resource: { type: 'installation', id: bench.installationId } });
    const [event] = await eventsOf('00000000-0000-0000-0000-000000000000');
    expect(event).toMatchObject({ isPending: true, event: { action: 'server.started', source: null, reason: null } });
  });
});

describe('AUD-3: the log is append-only', () => {
  const roles: readonly ServingRole[] = ['qv_app', 'qv_auth', 'qv_worker', 'qv_audit', 'qv_sequencer'];
  const statements = ['audit_event', 'audit_leaf', 'audit_checkpoint'].flatMap((table) => [
    `UPDATE ${table} SET ${table === 'audit_event' ? 'action' : table === 'audit_leaf' ? 'leaf_hash' : 'note'} = NULL`,
    `DELETE FROM ${table}`,
    `TRUNCATE ${table} CASCADE`,
  ]);

  it.each(roles)('AUD-3: %s is refused UPDATE, DELETE and TRUNCATE', async (role) => {
    const client = new pg.Client(bench.database.databases.direct(role));
    await client.connect();
    for (const statement of statements)
      await expect(client.query(statement), statement).rejects.toMatchObject({ code: '42501' });
    await client.end();
  });

  it('AUD-3: so are the owner and a superuser, unless they take the triggers away', async () => {
    await bench.asSuperuser(async (client) => {
      for (const role of ['qv_owner', null]) {
        if (role !== null) await client.query(`SET ROLE ${role}`);
        for (const statement of statements)
          await expect(client.query(statement), statement).rejects.toThrow(/append-only/);
        await client.query('RESET ROLE');
      }
    });
  });

  it('AUD-4: qv_sequencer writes no events but heads, qv_audit reads nothing, qv_app places nothing', async () => {
    const insert = `INSERT INTO audit_event (id, tenant_id, occurred_at, action, outcome, actor_kind, actor_id, resource_type, resource_id, event)
      VALUES (gen_random_uuid(), '${tenant}', now(), 'asset.created', 'success', 'user', '${tenant}', 'asset', '', '\\x01')`;
    const refused: readonly (readonly [ServingRole, string])[] = [
      ['qv_sequencer', insert],
      ['qv_audit', 'SELECT 1 FROM audit_event'],
      ['qv_audit', 'SELECT 1 FROM audit_leaf'],
      ['qv_app', 'UPDATE audit_head SET size = 0'],
      ['qv_app', insert],
      ['qv_app', 'DELETE FROM audit_pending'],
      ['qv_worker', 'SELECT 1 FROM audit_event'],
    ];
    for (const [role, statement] of refused) {
      const client = new pg.Client(bench.database.databases.direct(role));
      await client.connect();
      await expect(client.query(statement), `${role}: ${statement}`).rejects.toMatchObject({ code: '42501' });
      await client.end();
    }
  });
});
