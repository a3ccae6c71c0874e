import { createServer, type Server } from 'node:net';
import type { RouteOutput, Routes } from '@quantumvault/api';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ApprovalWorld, type Asked, approve, askedOf, type Person, problemOf } from './approval-world.ts';

// ACC-9, attack case 3: a scan of an internal network that others must approve, and every way around that.

let world: ApprovalWorld;
let [alice, bob] = [] as unknown as [Person, Person];
let inside: Server;
let target: string;
let touched = 0;

beforeAll(async () => {
  world = await ApprovalWorld.start({ QV_SCAN_ALLOW: '127.0.0.0/8' });
  [alice, bob] = [await world.person('alice'), await world.person('bob')];
  inside = createServer((socket) => {
    touched += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
  const address = inside.address();
  target = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
afterAll(async () => {
  await world?.stop();
  inside?.close();
});

type Job = RouteOutput<Routes['getJob']>;
const ended = async (by: Person, id: string): Promise<Job> => {
  let job: Job | undefined;
  await vi.waitFor(
    async () => {
      job = await by.client.getJob({ params: { id } });
      expect(job.finishedAt).not.toBeNull();
    },
    { timeout: 30_000, interval: 100 },
  );
  return job ?? expect.fail();
};
const scan = (by: Person, targets: readonly string[], more: object = {}) =>
  by.client.discoverTls({ body: { targets: [...targets], profile: 'quick', ...more } });
const ask = async (by: Person, targets: readonly string[], more: object = {}): Promise<Asked> =>
  askedOf(await problemOf(scan(by, targets, more)));
const jobs = async (): Promise<number> => {
  const { rows } = await world.sql.query<{ count: string }>("SELECT count(*) FROM job WHERE kind = 'scan-tls'");
  return Number(rows[0]?.count);
};
/** Whether the server waits for the lock that a test holds. */
const waitsForJobs = `
  SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)
   WHERE NOT granted AND relation = 'job'::regclass AND usename = 'qv_app'`;
const refusedTargets = ({ result }: Job) =>
  result !== null && 'unreachable' in result ? result.unreachable.map(({ error }) => error) : [];

describe('attack case 3: scans of internal networks', () => {
  it('ACC-9: what is free is scanned; under approval nothing is touched until another has seen the exact targets', async () => {
    await ended(alice, (await scan(alice, [target])).id);
    const [before, free] = [await jobs(), touched];
    expect(free).toBeGreaterThan(0);
    await world.demand('scan.internal', 1);
    const request = await ask(alice, [target, 'Printer.local:443'], { name: 'inside' });
    expect([await jobs(), touched]).toEqual([before, free]);
    const shown = await bob.client.getApproval({ params: { id: request.id } });
    expect(shown.lines).toEqual(
      expect.arrayContaining([
        `targets 1: ${target}`,
        'targets 2: printer.local:443',
        'profile: quick',
        'name: inside',
        'internal: false',
      ]),
    );
    const { execution } = await approve(bob, request);
    expect(execution).toMatchObject({ outcome: 'executed' });
    const job = await ended(alice, execution?.resultId ?? '');
    expect(job).toMatchObject({ status: 'succeeded', requestedBy: alice.userId });
    expect(touched).toBeGreaterThan(free);
    // Used up: the same question is a new one.
    expect(await problemOf(alice.client.executeApproval({ params: { id: request.id } }))).toMatchObject({
      code: 'APPROVALS_NOT_APPROVED',
    });
    expect((await ask(alice, [target, 'printer.local:443'], { name: 'inside' })).id).not.toBe(request.id);
  });

  it('attack 3, changed plan: other targets, ports, profile or name are another question', async () => {
    const first = await ask(alice, [target]);
    const others = [
      await ask(alice, [target, '127.0.0.2:443']),
      await ask(alice, ['127.0.0.1:1']),
      await ask(alice, [target], { profile: 'full' }),
      await ask(alice, [target], { name: 'other' }),
      await ask(alice, [target], { internal: true }),
      await ask(alice, [target], { dataLifetimeYears: 7 }),
    ];
    expect(new Set([first, ...others].map(({ planHash }) => planHash)).size).toBe(7);
    const attempt = bob.client.approveApproval({
      params: { id: first.id },
      body: { planHash: others[0]?.planHash ?? '' },
    });
    expect(await problemOf(attempt)).toMatchObject({ code: 'APPROVALS_HASH_MISMATCH' });
    expect(await problemOf(approve(alice, first))).toMatchObject({ code: 'APPROVALS_OWN_REQUEST' });
  });

  it('attack 3, a name in place of the address: without approval the scan reaches public addresses alone', async () => {
    const before = touched;
    // Not known to be inside, and resolved to 127.0.0.1 by the system's resolver.
    const [, port] = target.split(':');
    for (const disguised of [`127.1:${port}`, `0x7f.0.0.1:${port}`]) {
      const job = await ended(alice, (await scan(alice, [disguised])).id);
      expect({ disguised, refused: refusedTargets(job) }).toEqual({ disguised, refused: ['address-refused'] });
    }
    expect(touched).toBe(before);
    // Who says what it is gets it approved, and then it is scanned.
    const { execution } = await approve(bob, await ask(alice, [`127.1:${port}`], { internal: true }));
    const job = await ended(alice, execution?.resultId ?? '');
    expect(refusedTargets(job)).not.toContain('address-refused');
    expect(touched).toBeGreaterThan(before);
  });

  it('attack 3, by the clock: a schedule asks for no scan inside, and one of before is paused when its time comes', async () => {
    const work = { kind: 'scan-tls' as const, targets: [target] };
    const body = { name: 'nightly', work, cron: '0 3 * * *' };
    expect(await problemOf(alice.client.createSchedule({ body }))).toMatchObject({
      code: 'INVENTORY_SCAN_NEEDS_APPROVAL',
    });
    await world.sql.query("DELETE FROM approval_policy WHERE operation = 'scan.internal'");
    const schedule = await alice.client.createSchedule({ body });
    await world.demand('scan.internal', 1);
    const before = touched;
    await world.sql.query('UPDATE job_schedule SET next_run_at = now() WHERE id = $1', [schedule.id]);
    await vi.waitFor(
      async () =>
        expect(await alice.client.getSchedule({ params: { id: schedule.id } })).toMatchObject({
          enabled: false,
          disabledReason: 'INVENTORY_SCAN_NEEDS_APPROVAL',
        }),
      { timeout: 15_000, interval: 200 },
    );
    expect(touched).toBe(before);
  });

  it('attack 3, queued before: a job that nobody approved reaches no internal network once that is under approval', async () => {
    await world.sql.query("DELETE FROM approval_policy WHERE operation = 'scan.internal'");
    const before = touched;
    // Held back as a busy queue would, so that the policy comes before it runs.
    await world.sql.query('BEGIN');
    await world.sql.query('LOCK TABLE job IN SHARE ROW EXCLUSIVE MODE');
    const started = scan(alice, [target]);
    await vi.waitFor(async () => expect((await world.sql.query(waitsForJobs)).rows).toHaveLength(1), 10_000);
    await world.demand('scan.internal', 1);
    await world.sql.query('COMMIT');
    const outcome = await started.then(
      async ({ id }) => refusedTargets(await ended(alice, id)),
      (error: unknown) => [String(Reflect.get(Object(Reflect.get(Object(error), 'problem')), 'code'))],
    );
    // Either way it was not done: refused when it was to be written, or at its run.
    expect(['APPROVALS_POLICY_CHANGED', 'address-refused']).toContain(outcome[0]);
    expect(touched).toBe(before);
  });

  it('attack 3, going on: a scan that was cancelled asks again before it touches what is left', async () => {
    const before = touched;
    const many = [target, ...Array.from({ length: 40 }, (_, n) => `127.0.1.${n + 1}:1`)];
    const { execution } = await approve(bob, await ask(alice, many));
    const id = execution?.resultId ?? '';
    await ended(alice, id);
    // As if it had been cut: no outcome is there, and its job failed.
    await world.tamper('UPDATE scan_run SET finished_at = NULL WHERE id = $1', [id]);
    await world.tamper("UPDATE job SET status = 'cancelled' WHERE id = $1", [id]);
    const after = touched;
    expect(after).toBeGreaterThan(before);
    const again = askedOf(await problemOf(alice.client.resumeScan({ params: { id } })));
    const shown = await bob.client.getApproval({ params: { id: again.id } });
    expect(shown).toMatchObject({ operation: 'scan.internal', resource: { type: 'scan', id } });
    expect(shown.lines).toContain(`scanId: ${id}`);
    expect(touched).toBe(after);
    expect((await approve(bob, again)).execution).toMatchObject({ outcome: 'executed' });
  });

  it('ACC-9: what nobody could read before approving it is refused, and nothing waits', async () => {
    const many = Array.from({ length: 4096 }, (_, n) => `127.9.${Math.floor(n / 256)}.${n % 256}:1443`);
    expect(await problemOf(scan(alice, many))).toMatchObject({ code: 'APPROVALS_PLAN_TOO_LARGE' });
  });

  it('ACC-9: a scan of public addresses waits for nobody', async () => {
    await world.demand('scan.internal', 1);
    const job = await scan(alice, ['no-such-name.example:443']);
    expect(job.kind).toBe('scan-tls');
  });
});
