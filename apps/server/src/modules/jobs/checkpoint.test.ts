import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArtifactId } from '../../kernel/ids.ts';
import type { JobContext, JobEffect, JobHandler } from './ports/job-handler.ts';
import { CancelJob } from './usecases/cancel-job.ts';
import { GetJob } from './usecases/get-job.ts';
import { createWorld, eventually, newId, type World } from './world.test-support.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const enqueue = () =>
  world.uow.write(world.actor, (tx) => world.enqueue(tx, world.actor, { kind: 'scan-tls', input: {} }));
const get = (id: string) => new GetJob(world).execute(world.actor, id);
const ended = (id: string) => eventually(async () => (await get(id)).finishedAt !== null);
const handler = (run: JobHandler['run']): JobHandler => ({ kind: 'scan-tls', run });
const nothing: JobEffect = async () => ({
  result: { artifactId: newId<ArtifactId>(), artifactKind: 'data-key' as const },
});

/** A row and its event, in the transaction of the checkpoint. */
const keep = (context: JobContext, jobId: string, part: number) =>
  context.checkpoint(async (tx) => {
    await tx.publish('test-part', { jobId, part });
    await tx.audit({ action: 'asset.observed', resource: { type: 'asset', id: jobId }, details: { part } });
  });
const partsOf = async (jobId: string): Promise<number[]> => {
  const rows = await world.sql<{ part: number }>(
    "SELECT (payload->>'part')::int AS part FROM outbox WHERE topic = 'test-part' AND payload->>'jobId' = $1 ORDER BY id",
    [jobId],
  );
  return rows.map(({ part }) => part);
};

describe('INV-9: what a job keeps before its end', () => {
  it('INV-9: a checkpoint is durable and in the log while the job still runs', async () => {
    const { id } = await enqueue();
    const gate = Promise.withResolvers<void>();
    const worker = world.worker([
      handler(async (_job, context) => {
        await keep(context, id, 1);
        await keep(context, id, 2);
        await gate.promise;
        return nothing;
      }),
    ]);
    worker.start();
    await eventually(async () => (await partsOf(id)).length === 2);
    expect((await get(id)).status).toBe('running');
    expect(await world.eventsOf(id)).toEqual(['job.created', 'job.started', 'asset.observed', 'asset.observed']);
    gate.resolve();
    await ended(id);
    await worker.stop({ timeoutMs: 5000 });
    expect(await partsOf(id)).toEqual([1, 2]);
    expect((await get(id)).status).toBe('succeeded');
  });

  it('AUD-1: a checkpoint without an event keeps nothing, and the attempt fails', async () => {
    const { id } = await enqueue();
    await world.sql('UPDATE job SET attempts_max = 1 WHERE id = $1', [id]);
    const worker = world.worker([
      handler(async (_job, context) => {
        await context.checkpoint((tx) => tx.publish('test-part', { jobId: id, part: 1 }));
        return nothing;
      }),
    ]);
    worker.start();
    await ended(id);
    await worker.stop({ timeoutMs: 5000 });
    expect(await get(id)).toMatchObject({ status: 'failed', error: { code: 'POISONED' } });
    expect(await partsOf(id)).toEqual([]);
  });

  it('attack 28: a worker that was taken for dead keeps nothing more, and its successor does the whole', async () => {
    const { id } = await enqueue();
    const gate = Promise.withResolvers<void>();
    const refusals: unknown[] = [];
    const old = world.worker(
      [
        handler(async (_job, context) => {
          await keep(context, id, 1);
          await gate.promise;
          await keep(context, id, 2).catch((error: unknown) => {
            refusals.push(error);
            throw error;
          });
          return nothing;
        }),
      ],
      { leaseSeconds: 600, pollIntervalMs: 60_000, parallel: 1, batch: 1 },
    );
    old.start();
    await eventually(async () => (await partsOf(id)).length === 1);
    await world.sql("UPDATE job SET lease_until = now() - interval '1 second' WHERE id = $1", [id]);
    const fresh = world.worker([
      handler(async (_job, context) => {
        await keep(context, id, 10);
        await sleep(300);
        return nothing;
      }),
    ]);
    fresh.start();
    await eventually(async () => (await partsOf(id)).includes(10));
    gate.resolve();
    await eventually(async () => old.running === 0);
    await ended(id);
    await old.stop({ timeoutMs: 5000 });
    await fresh.stop({ timeoutMs: 5000 });
    expect(refusals).toMatchObject([{ code: 'JOBS_LEASE_LOST' }]);
    expect(await partsOf(id)).toEqual([1, 10]);
    expect(await get(id)).toMatchObject({ status: 'succeeded', attempts: 2 });
  });

  it('INV-9: a job that was asked to stop keeps nothing more; what it kept before stays', async () => {
    const { id } = await enqueue();
    const worker = world.worker([
      handler(async (job, context) => {
        await keep(context, id, 1);
        await new CancelJob(world).execute(world.actor, job.id);
        await keep(context, id, 2);
        return nothing;
      }),
    ]);
    worker.start();
    await ended(id);
    await worker.stop({ timeoutMs: 5000 });
    expect((await get(id)).status).toBe('cancelled');
    expect(await partsOf(id)).toEqual([1]);
  });
});
