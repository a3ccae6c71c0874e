import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/app-error.ts';
import { type ArtifactId, idFrom } from '../../kernel/ids.ts';
import type { JobEffect, JobHandler } from './ports/job-handler.ts';
import { CancelJob } from './usecases/cancel-job.ts';
import { GetJob } from './usecases/get-job.ts';
import { ListJobs } from './usecases/list-jobs.ts';
import { jobActor } from './worker/run-claim.ts';
import { createWorld, eventually, newId, type World } from './world.test-support.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const result = () => ({ artifactId: newId<ArtifactId>(), artifactKind: 'data-key' as const });
/** An effect that a test can count: a row in the transaction of the completion. */
const effectOf =
  (jobId: string): JobEffect =>
  async (tx) => {
    await tx.publish('test-effect', { jobId });
    return { result: result() };
  };
const effects = async (jobId: string): Promise<number> => {
  const [row] = await world.sql<{ count: string }>(
    "SELECT count(*)::int AS count FROM outbox WHERE topic = 'test-effect' AND payload->>'jobId' = $1",
    [jobId],
  );
  return Number(row?.count);
};
const handler = (run: JobHandler['run']): JobHandler => ({ kind: 'protect-asset', run });
const enqueue = (actor: Actor = world.actor, input: unknown = {}) =>
  world.uow.write(actor, (tx) => world.enqueue(tx, actor, { kind: 'protect-asset', input }));
const get = (id: string, actor = world.actor) => new GetJob(world).execute(actor, id);
const ended = (id: string) => eventually(async () => (await get(id)).finishedAt !== null);
const stop = (...workers: { stop(options: { timeoutMs: number }): Promise<void> }[]) =>
  Promise.all(workers.map((worker) => worker.stop({ timeoutMs: 5000 })));

describe('INV-9: the life of a job', () => {
  it('INV-9: a job runs once, is woken by notification, and its events are created, started, completed', async () => {
    const worker = world.worker([handler(async (job) => effectOf(job.id))], { pollIntervalMs: 60_000 });
    worker.start();
    await sleep(300);
    const job = await enqueue();
    expect(job).toMatchObject({ status: 'pending', attempts: 0, requestedBy: world.actor.id });
    await ended(job.id);
    expect(await get(job.id)).toMatchObject({ status: 'succeeded', attempts: 1, progress: 100, error: null });
    expect(await effects(job.id)).toBe(1);
    expect(await world.eventsOf(job.id)).toEqual(['job.created', 'job.started', 'job.completed']);
    const [event] = await world.sql<{ actor_kind: string; actor_id: string }>(
      "SELECT actor_kind, actor_id FROM audit_event WHERE resource_id = $1 AND action = 'job.completed'",
      [job.id],
    );
    expect(event).toEqual({ actor_kind: 'job', actor_id: job.id });
    await stop(worker);
  });

  it('attack 28: two workers on one database never run a job twice', async () => {
    const runs = new Map<string, number>();
    const counting = handler(async (job) => {
      runs.set(job.id, (runs.get(job.id) ?? 0) + 1);
      await sleep(1);
      return effectOf(job.id);
    });
    const jobs: string[] = [];
    for (let index = 0; index < 60; index += 1) jobs.push((await enqueue()).id);
    const workers = [world.worker([counting]), world.worker([counting])];
    for (const worker of workers) worker.start();
    await eventually(async () => (await world.queue.counts()).pending + (await world.queue.counts()).running === 0);
    await stop(...workers);
    expect([...runs.values()]).toEqual(jobs.map(() => 1));
    for (const id of jobs) {
      expect(await world.eventsOf(id)).toEqual(['job.created', 'job.started', 'job.completed']);
      expect(await effects(id)).toBe(1);
    }
  });

  it('attack 28: a killed worker is taken over when its lease ends, with job.resumed and one job.started', async () => {
    const { id } = await enqueue();
    // What a killed process leaves behind: a claim, a stated start, no heartbeat.
    const [claim] = await world.queue.claim({ limit: 1, leaseSeconds: 600 });
    expect(claim?.id).toBe(id);
    await world.uow.write(jobActor({ id: idFrom(id), tenantId: world.actor.tenantId }), async (tx) => {
      const lease = claim ?? expect.fail('no claim');
      expect((await world.jobs.begin(tx, [lease])).get(lease.token)?.isFirstStart).toBe(true);
      await tx.audit({ action: 'job.started', resource: { type: 'job', id } });
    });
    const worker = world.worker([handler(async (job) => effectOf(job.id))]);
    worker.start();
    await sleep(200);
    expect((await get(id)).status).toBe('running');
    await world.sql("UPDATE job SET lease_until = now() - interval '1 second' WHERE id = $1", [id]);
    await ended(id);
    await stop(worker);
    expect(await get(id)).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(await world.eventsOf(id)).toEqual(['job.created', 'job.started', 'job.resumed', 'job.completed']);
  });

  it.each([
    { when: 'while its successor works', oldFirst: true },
    { when: 'after its successor has completed', oldFirst: false },
  ])('attack 28: the completion of a worker that was taken for dead is refused, $when', async ({ oldFirst }) => {
    const { id } = await enqueue();
    const gates = { old: Promise.withResolvers<void>(), fresh: Promise.withResolvers<void>() };
    const gated = (gate: Promise<void>) =>
      handler(async (job) => {
        await gate;
        return effectOf(job.id);
      });
    // No heartbeat comes in time to tell it, as for a process that the machine has stopped for a while.
    // One slot, which it holds: a late notification must not let it take its own lost job over.
    const busy = { leaseSeconds: 600, pollIntervalMs: 60_000, parallel: 1, batch: 1 };
    const old = world.worker([gated(gates.old.promise)], busy);
    old.start();
    await eventually(async () => (await get(id)).startedAt !== null);
    await world.sql("UPDATE job SET lease_until = now() - interval '1 second' WHERE id = $1", [id]);
    const fresh = world.worker([gated(gates.fresh.promise)]);
    fresh.start();
    await eventually(async () => (await world.eventsOf(id)).includes('job.resumed'));
    if (oldFirst) {
      gates.old.resolve();
      await eventually(async () => old.running === 0);
      expect((await get(id)).status).toBe('running');
      expect(await effects(id)).toBe(0);
    }
    gates.fresh.resolve();
    await ended(id);
    const { finishedAt } = await get(id);
    gates.old.resolve();
    await eventually(async () => old.running === 0);
    await stop(old, fresh);
    expect(await effects(id)).toBe(1);
    expect(await get(id)).toMatchObject({ status: 'succeeded', finishedAt });
    expect(await world.eventsOf(id)).toEqual(['job.created', 'job.started', 'job.resumed', 'job.completed']);
  });

  it('attack 28: a token that is not the current one moves nothing', async () => {
    const { id } = await enqueue();
    const [claim] = await world.queue.claim({ limit: 10, leaseSeconds: 30 });
    const forged = { id: claim?.id ?? expect.fail(), token: newId<never>() };
    await world.uow.writeUnaudited({ tenantId: world.actor.tenantId, reason: 'test' }, async (tx) => {
      const error = { code: 'X', message: '' };
      expect((await world.jobs.begin(tx, [forged])).size).toBe(0);
      expect((await world.jobs.holdLeases(tx, [forged])).size).toBe(0);
      expect(await world.jobs.succeed(tx, [{ ...forged, result: null }])).toBe(0);
      expect(await world.jobs.end(tx, forged, { status: 'failed', error })).toBe(false);
      expect(await world.jobs.retry(tx, forged, { delayMs: 0, error })).toBe(false);
    });
    expect(await world.queue.heartbeat([forged], 30)).toEqual([]);
    await world.queue.release([forged], 0);
    expect((await get(id)).status).toBe('running');
    if (claim !== undefined) await world.queue.release([claim], 0);
    await world.sql("UPDATE job SET status = 'cancelled', finished_at = now() WHERE id = $1", [id]);
  });
});

describe('INV-9: failure, poison and cancel', () => {
  it('INV-9: a failed attempt is retried later; the last one ends the job with its code', async () => {
    const { id } = await enqueue();
    await world.sql('UPDATE job SET attempts_max = 2 WHERE id = $1', [id]);
    const worker = world.worker([
      handler(async () => {
        throw new Error('a secret detail');
      }),
    ]);
    worker.start();
    await ended(id);
    await stop(worker);
    const [row] = await world.sql<{ later: boolean }>(
      "SELECT run_at >= started_at + interval '500 milliseconds' AND finished_at >= run_at AS later FROM job WHERE id = $1",
      [id],
    );
    expect(row?.later).toBe(true);
    const job = await get(id);
    expect(job).toMatchObject({ status: 'failed', attempts: 2, error: { code: 'POISONED' }, result: null });
    expect(job.error?.message).toContain('[INTERNAL]');
    expect(JSON.stringify(job)).not.toContain('a secret detail');
    expect(await world.eventsOf(id)).toEqual(['job.created', 'job.started', 'job.resumed', 'job.completed']);
  });

  it('INV-9: a failure that the same input will meet again is not retried', async () => {
    const { id } = await enqueue();
    const worker = world.worker([
      handler(async () => {
        throw new AppError('TEST_GONE', { kind: 'not-found', sentence: 'Gone.' });
      }),
    ]);
    worker.start();
    await ended(id);
    await stop(worker);
    expect(await get(id)).toMatchObject({
      status: 'failed',
      attempts: 1,
      error: { code: 'TEST_GONE', message: 'Gone.' },
    });
  });

  it('attack 28: a job whose worker was lost in every attempt ends as POISONED and never runs again', async () => {
    const { id } = await enqueue();
    await world.sql('UPDATE job SET attempts_max = 2 WHERE id = $1', [id]);
    for (let kill = 0; kill < 2; kill += 1) {
      expect((await world.queue.claim({ limit: 1, leaseSeconds: 60 })).map((claim) => claim.id)).toEqual([id]);
      await world.sql("UPDATE job SET lease_until = now() - interval '1 second' WHERE id = $1", [id]);
    }
    let ran = 0;
    const worker = world.worker([
      handler(async (job) => {
        ran += 1;
        return effectOf(job.id);
      }),
    ]);
    worker.start();
    await ended(id);
    await stop(worker);
    expect(ran).toBe(0);
    expect(await get(id)).toMatchObject({ status: 'failed', attempts: 2, error: { code: 'POISONED' } });
  });

  it('INV-9: an effect that fails takes the completion with it', async () => {
    const { id } = await enqueue();
    await world.sql('UPDATE job SET attempts_max = 1 WHERE id = $1', [id]);
    const worker = world.worker([
      handler(async (job) => async (tx) => {
        await effectOf(job.id)(tx);
        throw new Error('after the first half of the effect');
      }),
    ]);
    worker.start();
    await ended(id);
    await stop(worker);
    expect((await get(id)).status).toBe('failed');
    expect(await effects(id)).toBe(0);
  });

  it('INV-9: a pending job is cancelled at once, and an ended one is not cancelled', async () => {
    const { id } = await enqueue();
    expect(await new CancelJob(world).execute(world.actor, id)).toMatchObject({ status: 'cancelled' });
    expect(await world.eventsOf(id)).toEqual(['job.created', 'job.cancelled']);
    await expect(new CancelJob(world).execute(world.actor, id)).rejects.toMatchObject({ code: 'JOBS_ENDED' });
  });

  it('INV-9: a running job is interrupted by its signal, long before its next heartbeat, and leaves no effect', async () => {
    const { id } = await enqueue();
    const worker = world.worker(
      [
        handler(async (job, { signal }) => {
          await sleep(60_000, undefined, { signal });
          return effectOf(job.id);
        }),
      ],
      { leaseSeconds: 600 },
    );
    worker.start();
    await eventually(async () => (await get(id)).startedAt !== null);
    expect(await new CancelJob(world).execute(world.actor, id)).toMatchObject({
      status: 'running',
      cancelRequested: true,
    });
    await eventually(async () => (await get(id)).status === 'cancelled', 5000);
    await stop(worker);
    expect(await get(id)).toMatchObject({ error: { code: 'JOBS_CANCELLED' } });
    expect(await effects(id)).toBe(0);
    expect(await world.eventsOf(id)).toEqual(['job.created', 'job.started', 'job.cancelled', 'job.completed']);
  });

  it('INV-9: a cancel that comes while the effect is being prepared wins over the completion', async () => {
    const { id } = await enqueue();
    const worker = world.worker([
      handler(async (job) => {
        // Deaf to its signal: the completion has to look by itself.
        await new CancelJob(world).execute(world.actor, job.id);
        return effectOf(job.id);
      }),
    ]);
    worker.start();
    await ended(id);
    await stop(worker);
    expect((await get(id)).status).toBe('cancelled');
    expect(await effects(id)).toBe(0);
  });
});

describe('INV-9: order, drain and isolation', () => {
  it('INV-9: higher priority first', async () => {
    const order: number[] = [];
    for (const priority of [-1, 5, 0])
      await world.uow.write(world.actor, (tx) =>
        world.enqueue(tx, world.actor, { kind: 'protect-asset', input: {}, priority }),
      );
    const worker = world.worker(
      [
        handler(async (job) => {
          order.push(job.priority);
          return effectOf(job.id);
        }),
      ],
      { parallel: 1 },
    );
    worker.start();
    await eventually(async () => order.length === 3);
    await stop(worker);
    expect(order).toEqual([5, 0, -1]);
  });

  it('INV-9: an orderly stop gives back what was not begun and interrupts the rest; no attempt is counted', async () => {
    const ids = [(await enqueue()).id, (await enqueue()).id, (await enqueue()).id, (await enqueue()).id];
    const worker = world.worker(
      [
        handler(async (job, { signal }) => {
          await sleep(60_000, undefined, { signal });
          return effectOf(job.id);
        }),
      ],
      { parallel: 2, pollIntervalMs: 60_000 },
    );
    worker.start();
    await eventually(async () => (await world.queue.counts()).running === 4);
    await worker.stop({ timeoutMs: 50 });
    for (const id of ids) expect(await get(id)).toMatchObject({ status: 'pending', attempts: 0 });
    const next = world.worker([handler(async (job) => effectOf(job.id))]);
    next.start();
    await eventually(async () => (await world.queue.counts()).pending === 0);
    for (const id of ids) await ended(id);
    await stop(next);
  });

  it('INV-9: a worker that is stopped while it starts stops at once', async () => {
    const worker = world.worker([]);
    worker.start();
    const begun = performance.now();
    await worker.stop({ timeoutMs: 10_000 });
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  it('INV-9: the connection for notifications comes back after the database has ended it', async () => {
    const worker = world.worker([handler(async (job) => effectOf(job.id))], { pollIntervalMs: 60_000 });
    const listeners = () =>
      world.sql<{ pid: number }>(
        "SELECT pid FROM pg_stat_activity WHERE usename = 'qv_worker' AND query LIKE 'LISTEN%' AND datname = current_database()",
      );
    worker.start();
    await eventually(async () => (await listeners()).length === 1);
    const [before] = await listeners();
    await world.sql('SELECT pg_terminate_backend($1)', [before?.pid]);
    await eventually(async () => (await listeners()).some(({ pid }) => pid !== before?.pid));
    const { id } = await enqueue();
    await ended(id);
    await stop(worker);
  });

  it('INV-9: what waits behind busy slots is given to others', async () => {
    const busy = await enqueue();
    const blocked = world.worker(
      [
        handler(async (job, { signal }) => {
          await sleep(60_000, undefined, { signal });
          return effectOf(job.id);
        }),
      ],
      { parallel: 1 },
    );
    const waiting = await enqueue();
    blocked.start();
    await eventually(async () => (await get(busy.id)).startedAt !== null);
    await eventually(async () => (await get(waiting.id)).status === 'pending');
    const free = world.worker([handler(async (job) => effectOf(job.id))]);
    free.start();
    await ended(waiting.id);
    await new CancelJob(world).execute(world.actor, busy.id);
    await ended(busy.id);
    await stop(blocked, free);
  });

  it('INV-9: progress is shown while the job runs', async () => {
    const { id } = await enqueue();
    const gate = Promise.withResolvers<void>();
    const worker = world.worker([
      handler(async (job, { progress }) => {
        for (const percent of [1, 20, 40, 40, 30, 150]) progress(percent);
        await gate.promise;
        return effectOf(job.id);
      }),
    ]);
    worker.start();
    await eventually(async () => (await get(id)).progress === 99);
    gate.resolve();
    await ended(id);
    await stop(worker);
    expect((await get(id)).progress).toBe(100);
  });

  it('ACC-1: a job of another organization is not found, not listed and not cancelled', async () => {
    const other = await world.newTenant();
    const { id } = await enqueue(other.actor);
    await expect(get(id)).rejects.toMatchObject({ code: 'JOBS_NOT_FOUND' });
    await expect(new CancelJob(world).execute(world.actor, id)).rejects.toMatchObject({ code: 'JOBS_NOT_FOUND' });
    const page = await new ListJobs({ ...world, reachOf: () => null }).execute(world.actor, { limit: 200 });
    expect(page.items.map((job) => job.id)).not.toContain(id);
    await new CancelJob(world).execute(other.actor, id);
  });

  it('IFC-1: listings are pages, newest first, without repetition', async () => {
    const { actor } = await world.newTenant();
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) ids.push((await enqueue(actor)).id);
    const list = new ListJobs({ ...world, reachOf: () => null });
    const first = await list.execute(actor, { limit: 3 });
    const second = await list.execute(actor, { limit: 3, cursor: first.nextCursor ?? expect.fail() });
    expect([...first.items, ...second.items].map((job) => job.id)).toEqual(ids.toReversed());
    expect(second.nextCursor).toBeNull();
    expect((await list.execute(actor, { limit: 3, status: 'running' })).items).toEqual([]);
    for (const id of ids) await new CancelJob(world).execute(actor, id);
  });

  it('IFC-1: an Idempotency-Key makes one job of two requests', async () => {
    const { actor } = await world.newTenant();
    const keyed = {
      ...actor,
      request: { ...actor.request, idempotency: { key: 'once', requestHash: new Uint8Array(32) } },
    };
    const [one, two] = await Promise.all([enqueue(keyed), enqueue(keyed)]);
    expect(one.id).toBe(two.id);
    await new CancelJob(world).execute(actor, one.id);
  });

  it('ACC-1: the role that claims reads no content of a job', async () => {
    await expect(world.database.databases.worker.selectFrom('job').select('input').execute()).rejects.toThrow(
      /permission denied/,
    );
    await expect(world.database.databases.worker.selectFrom('asset').select('id').execute()).rejects.toThrow(
      /permission denied/,
    );
  });
});
