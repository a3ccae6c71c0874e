// Attack case 4: a grant that ends while it is used. Requests are decided anew each; here is what outlives one: an answer
// that streams, a job that was asked for, a schedule.
import { decodeEvent } from '@quantumvault/tlog';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, internalRequest, noCredential } from '../../apps/server/src/kernel/actor.ts';
import { systemClock } from '../../apps/server/src/kernel/clock.ts';
import type { ActorId, ArtifactId, TenantId } from '../../apps/server/src/kernel/ids.ts';
import { PostgresAccessDirectory, PostgresHierarchy } from '../../apps/server/src/modules/access/access.module.ts';
import {
  type AccessWorld,
  createAccessWorld,
  type RawGrant,
} from '../../apps/server/src/modules/access/access.test-support.ts';
import {
  createMayNow,
  createStillMay,
  PlaceRegistry,
  type StillMay,
  whileAllowed,
} from '../../apps/server/src/modules/access/index.ts';
import { AuditBench } from '../../apps/server/src/modules/audit/audit.test-support.ts';
import { PostgresCredentialCheck } from '../../apps/server/src/modules/identity/identity.module.ts';
import type { RequestedJobHandler } from '../../apps/server/src/modules/jobs/index.ts';
import { eventually, newId } from '../../apps/server/src/modules/jobs/world.test-support.ts';

describe('attack 4: an export that outlives the right to it', () => {
  let bench: AuditBench;
  let tenant: TenantId;
  /** Moved by hand: the rule is in seconds, and no test has to wait for them. */
  let monotonic = 0;

  beforeAll(async () => {
    bench = await AuditBench.open();
    tenant = await bench.tenant();
    // More than one batch of the log, and so several pieces that are sent one after the other.
    for (let at = 0; at < 60; at += 1) await bench.recordMany(tenant, 10);
    await bench.publishAll();
  });
  afterAll(() => bench.close());

  async function auditor(): Promise<{ actor: Actor; stillMay: StillMay; keyId: string }> {
    const id = bench.newId<ActorId>();
    const keyId = bench.newId<string>();
    await bench.asSuperuser(async (client) => {
      await client.query("INSERT INTO subject (id, tenant_id, kind, display_name) VALUES ($1, $2, 'user', 'Auditor')", [
        id,
        tenant,
      ]);
      await client.query("INSERT INTO access_grant (id, tenant_id, subject_id, role) VALUES ($1, $2, $3, 'auditor')", [
        bench.newId<string>(),
        tenant,
        id,
      ]);
      await client.query(
        "INSERT INTO api_key (id, tenant_id, subject_id, name, prefix, secret_hash) VALUES ($1, $2, $3, 'k', $4, sha256('x'))",
        [keyId, tenant, id, keyId.slice(-12)],
      );
    });
    const { uow } = bench;
    const access = new PostgresAccessDirectory({ uow });
    const held = await uow.read(tenant, (tx) => access.now(tx, id));
    if (held === null) throw new Error('the auditor is not there');
    const stillMay = createStillMay({
      uow,
      access,
      clock: systemClock,
      places: new PlaceRegistry({ uow, sources: [new PostgresHierarchy()] }),
      credentials: new PostgresCredentialCheck(),
      monotonicMs: () => monotonic,
    });
    const actor: Actor = {
      kind: 'user',
      id,
      tenantId: tenant,
      access: held,
      credential: { ...noCredential, kind: 'api-key', id: keyId },
      request: internalRequest(bench.newId<string>()),
      approval: null,
    };
    return { actor, stillMay, keyId };
  }

  const reasons = (actor: Actor) =>
    bench.asSuperuser(async (client) => {
      const { rows } = await client.query<{ event: Buffer }>(
        "SELECT event FROM audit_event WHERE action = 'access.refused' AND actor_id = $1",
        [actor.id],
      );
      return rows.map(({ event }) => decodeEvent(event).reason?.code);
    });

  it.each<[string, string, string]>([
    ['its grant is revoked', 'UPDATE access_grant SET revoked_at = now() WHERE subject_id = $1', 'NO_PERMISSION'],
    [
      'its grant expires',
      "UPDATE access_grant SET expires_at = now() - interval '1 second' WHERE subject_id = $1",
      'CONDITIONS_NOT_MET',
    ],
    [
      'a denial is given',
      "INSERT INTO access_grant (id, tenant_id, subject_id, role, effect) SELECT gen_random_uuid(), tenant_id, id, 'auditor', 'deny' FROM subject WHERE id = $1",
      'DENIED',
    ],
    ['its user is suspended', "UPDATE subject SET status = 'suspended' WHERE id = $1", 'SUBJECT_ENDED'],
    ['its key is revoked', 'UPDATE api_key SET revoked_at = now() WHERE subject_id = $1', 'CREDENTIAL_ENDED'],
  ])('breaks off within a second after %s, and says why in the log', async (_, statement, reason) => {
    const { actor, stillMay } = await auditor();
    const pieces = (await bench.exportPieces(actor, { scope: 'tenant', stillMay }))[Symbol.asyncIterator]();
    expect((await pieces.next()).done).toBe(false);
    await bench.asSuperuser(async (client) => {
      await client.query(statement, [actor.id]);
    });
    // Within the time for which an answer is taken for fresh, one more piece may go.
    monotonic += 400;
    expect((await pieces.next()).done).toBe(false);
    monotonic += 600;
    await expect(pieces.next()).rejects.toMatchObject({ code: 'ACCESS_ENDED' });
    expect((await pieces.next()).done).toBe(true);
    expect(await reasons(actor)).toEqual([reason]);
  });

  it('goes through to its end for whoever keeps the right', async () => {
    const { actor, stillMay } = await auditor();
    let text = '';
    for await (const piece of await bench.exportPieces(actor, { scope: 'tenant', stillMay })) {
      monotonic += 1_000;
      text += piece;
    }
    expect(text.split('\n').length).toBeGreaterThan(600);
  });

  it('ends a stream that has nothing to say, and closes its source', async () => {
    let isClosed = false;
    let checks = 0;
    const silent: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => {}),
        return: async () => {
          isClosed = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const guarded = whileAllowed(silent, async () => {
      checks += 1;
      if (checks === 2) throw new Error('ended');
    });
    await expect(guarded.next()).rejects.toThrow('ended');
    expect({ isClosed, checks }).toEqual({ isClosed: true, checks: 2 });
  });
});

describe('attack 4: a job that outlives the right to it', () => {
  let world: AccessWorld;
  beforeAll(async () => {
    world = await createAccessWorld();
  });
  afterAll(() => world.close());

  let runs = 0;
  const handler: RequestedJobHandler = {
    kind: 'scan-tls',
    permission: 'asset.scan',
    run: async () => {
      runs += 1;
      return async () => ({ result: { artifactId: newId<ArtifactId>(), artifactKind: 'data-key' } });
    },
  };

  /** Asks for a job, does something, and lets a worker run it. */
  async function outcomeOf(grants: readonly RawGrant[], meanwhile: (subjectId: string) => Promise<unknown>) {
    const subject = await world.subject(grants);
    const actor = await subject.actor();
    const job = await world.uow.write(actor, (tx) =>
      world.enqueue(tx, actor, { kind: 'scan-tls', input: { targets: [], environmentId: world.hierarchy.production } }),
    );
    await meanwhile(subject.id);
    runs = 0;
    const { access, places, now } = world;
    const worker = world.worker([handler], { mayNow: createMayNow({ access, places, clock: now }) });
    worker.start();
    const read = async () =>
      (
        await world.sql<{ status: string; error_code: string | null }>(
          'SELECT status, error_code FROM job WHERE id = $1',
          [job.id],
        )
      )[0];
    await eventually(async () => ['succeeded', 'failed'].includes((await read())?.status ?? ''));
    await worker.stop({ timeoutMs: 5_000 });
    return { ...(await read()), runs, events: await world.eventsOf(job.id) };
  }
  const onProduction = (changes: Partial<RawGrant> = {}): RawGrant => ({
    role: 'operator',
    column: 'environment_id',
    placeId: world.hierarchy.production,
    ...changes,
  });

  it('runs while the right lasts, also one on the part where it runs', async () => {
    expect(await outcomeOf([onProduction()], async () => {})).toMatchObject({ status: 'succeeded', runs: 1 });
  });

  it('runs for a right of one network: where it was asked from was judged when it was asked for', async () => {
    const office = { rules: { addresses: ['10.0.0.0/8'] } };
    const denied = { role: 'operator', effect: 'deny', rules: { countries: ['XA'] } } as const;
    expect(await outcomeOf([onProduction(office), denied], async () => {})).toMatchObject({
      status: 'succeeded',
      runs: 1,
    });
  });

  it.each<[string, string]>([
    ['the grant is revoked', 'UPDATE access_grant SET revoked_at = now() WHERE subject_id = $1'],
    ['the grant expires', "UPDATE access_grant SET expires_at = now() - interval '1 second' WHERE subject_id = $1"],
    [
      'a denial is given',
      "INSERT INTO access_grant (id, tenant_id, subject_id, role, effect) SELECT gen_random_uuid(), tenant_id, id, 'operator', 'deny' FROM subject WHERE id = $1",
    ],
    ['whoever asked is off-boarded', "UPDATE subject SET status = 'offboarded' WHERE id = $1"],
  ])('does nothing after %s', async (_, statement) => {
    expect(await outcomeOf([onProduction()], (id) => world.sql(statement, [id]))).toEqual({
      status: 'failed',
      error_code: 'JOBS_REQUESTER_GONE',
      runs: 0,
      events: ['job.created', 'job.started', 'job.completed'],
    });
  });
});
