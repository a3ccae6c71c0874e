import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArtifactId, type JobId, uuidV7Source } from '../../kernel/ids.ts';
import { sqlOf } from '../../platform/postgres/unit-of-work.ts';
import type { JobEffect, JobHandler } from './ports/job-handler.ts';
import { CancelJob } from './usecases/cancel-job.ts';
import { GetJob } from './usecases/get-job.ts';
import { createWorld, eventually, newId, type World } from './world.test-support.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const result = () => ({ artifactId: newId<ArtifactId>(), artifactKind: 'data-key' as const });
const enqueue = async (count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1)
    ids.push(
      (await world.uow.write(world.actor, (tx) => world.enqueue(tx, world.actor, { kind: 'protect-asset', input: {} })))
        .id,
    );
  return ids;
};
const get = (id: string) => new GetJob(world).execute(world.actor, id);
const together = (run: JobHandler['run']): JobHandler => ({
  kind: 'protect-asset',
  effectsShareTransaction: true,
  run,
});
const effectOf =
  (id: string): JobEffect =>
  async (tx) => {
    await tx.publish('test-effect', { jobId: id });
    return { result: result() };
  };

/** Per job: how many effects it had, and in which transaction its row was written last. */
const factsOf = (ids: readonly string[]) =>
  world.sql<{ id: string; effects: number; xid: string; status: string; attempts: number }>(
    `SELECT id, status, attempts, xmin::text AS xid,
            (SELECT count(*)::int FROM outbox WHERE topic = 'test-effect' AND payload->>'jobId' = job.id::text) AS effects
       FROM job WHERE id = ANY ($1::uuid[]) ORDER BY id`,
    [ids],
  );
const allEnded = (ids: readonly string[]) =>
  eventually(async () => (await factsOf(ids)).every(({ status }) => status !== 'pending' && status !== 'running'));

/** Runs jobs whose effects all wait until the last of them is ready, so that they do go together. */
async function runTogether(ids: readonly string[], run: (id: string) => Promise<JobEffect>): Promise<void> {
  let ready = 0;
  const gate = Promise.withResolvers<void>();
  const worker = world.worker(
    [
      together(async (job) => {
        const effect = await run(job.id);
        ready += 1;
        if (ready === ids.length) gate.resolve();
        await gate.promise;
        return effect;
      }),
    ],
    { parallel: 16, batch: 16 },
  );
  worker.start();
  await allEnded(ids);
  await worker.stop({ timeoutMs: 5000 });
}

describe('INV-9: jobs whose effects share a transaction', () => {
  it('INV-9: each has one success, one effect, one start and one end in the log; they wait for the disk together', async () => {
    const ids = await enqueue(12);
    await runTogether(ids, async (id) => effectOf(id));
    const facts = await factsOf(ids);
    expect(facts.map(({ status, effects, attempts }) => ({ status, effects, attempts }))).toEqual(
      ids.map(() => ({ status: 'succeeded', effects: 1, attempts: 1 })),
    );
    expect(new Set(facts.map(({ xid }) => xid)).size).toBeLessThan(ids.length / 2);
    for (const id of ids) expect(await world.eventsOf(id)).toEqual(['job.created', 'job.started', 'job.completed']);
  });

  it('INV-9: an effect that fails spoils none of its neighbours, and goes alone the second time', async () => {
    const ids = await enqueue(8);
    const [bad] = ids;
    let tries = 0;
    const failing: JobEffect = async (tx) => {
      tries += 1;
      await effectOf(bad ?? expect.fail())(tx);
      // An error of the database itself: without a savepoint it would end the transaction of all.
      if (tries === 1)
        await sqlOf(tx)
          .insertInto('job')
          .values({ id: 'not a uuid' } as never)
          .execute();
      return { result: result() };
    };
    await runTogether(ids, async (id) => (id === bad ? failing : effectOf(id)));
    const facts = await factsOf(ids);
    expect(facts.map(({ status, effects }) => ({ status, effects }))).toEqual(
      ids.map(() => ({ status: 'succeeded', effects: 1 })),
    );
    expect(facts.map(({ id, attempts }) => ({ id, attempts }))).toEqual(
      ids.map((id) => ({ id, attempts: id === bad ? 2 : 1 })),
    );
    expect(await world.eventsOf(bad ?? '')).toEqual(['job.created', 'job.started', 'job.resumed', 'job.completed']);
  }, 30_000);

  it('attack 28: a lost lease and a cancelled job leave nothing in a transaction that is shared', async () => {
    const ids = await enqueue(6);
    const [cancelled, lost] = ids;
    let wasTaken = false;
    await runTogether(ids, async (id) => {
      if (id === cancelled) await new CancelJob(world).execute(world.actor, id);
      if (id === lost && !wasTaken) {
        wasTaken = true;
        // Another worker has it now, and finishes it.
        await world.sql('UPDATE job SET lease_token = gen_random_uuid(), lease_until = now() WHERE id = $1', [id]);
      }
      return effectOf(id);
    });
    const facts = await factsOf(ids);
    expect(facts.find(({ id }) => id === cancelled)).toMatchObject({ status: 'cancelled', effects: 0 });
    for (const { id, status, effects } of facts)
      if (id !== cancelled) expect({ id, status, effects }).toEqual({ id, status: 'succeeded', effects: 1 });
    expect(await world.eventsOf(lost ?? '')).toEqual(['job.created', 'job.started', 'job.resumed', 'job.completed']);
  });

  it('attack 28: a replayed claim beside the current one of the same job moves nothing', async () => {
    const [id] = await enqueue(1);
    const [claim] = await world.queue.claim({ limit: 1, leaseSeconds: 60 });
    const current = claim ?? expect.fail();
    expect(current.id).toBe(id);
    const replayed = { id: current.id, token: uuidV7Source(() => 1)<never>() };
    await world.uow.writeUnaudited({ tenantId: world.actor.tenantId, reason: 'test' }, async (tx) => {
      expect([...(await world.jobs.begin(tx, [replayed, current])).keys()]).toEqual([current.token]);
      expect([...(await world.jobs.holdLeases(tx, [replayed, current])).keys()]).toEqual([current.token]);
      expect(await world.jobs.succeed(tx, [{ ...replayed, result: null }])).toBe(0);
      expect(await world.jobs.succeed(tx, [{ ...current, result: result() }])).toBe(1);
      expect(await world.jobs.succeed(tx, [{ ...current, result: result() }])).toBe(0);
    });
    expect((await get(id as JobId)).status).toBe('succeeded');
  });

  it('INV-9: a heartbeat passes over a job whose row is held, and extends the leases of the others', async () => {
    const ids = await enqueue(2);
    const claims = await world.queue.claim({ limit: 2, leaseSeconds: 5 });
    const [held, free] = claims;
    await world.uow.writeUnaudited({ tenantId: world.actor.tenantId, reason: 'test' }, async (tx) => {
      await world.jobs.holdLeases(tx, held === undefined ? [] : [held]);
      const alive = await world.queue.heartbeat(claims, 600);
      expect(alive.map((entry) => entry.id).sort()).toEqual(ids.toSorted());
    });
    const rows = await world.sql<{ id: string; long: boolean }>(
      "SELECT id, lease_until > now() + interval '300 seconds' AS long FROM job WHERE id = ANY ($1::uuid[])",
      [ids],
    );
    expect(rows.find(({ id }) => id === held?.id)?.long).toBe(false);
    expect(rows.find(({ id }) => id === free?.id)?.long).toBe(true);
    await world.queue.release(claims, 0);
    for (const id of ids) await new CancelJob(world).execute(world.actor, id);
  });
});
