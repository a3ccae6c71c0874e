// INV-9: two worker processes on one database. QV_TWIN_JOBS=100000 runs the full size; the default is a short one.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomBytes, SecretBytes } from '@quantumvault/crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, type World } from '../../apps/server/src/modules/jobs/world.test-support.ts';

const jobCount = Number(process.env.QV_TWIN_JOBS ?? 2_000);
const endMs = 60_000 + jobCount * 20;

// Of this test alone; both processes open the organization's keys with it.
const rootKey = randomBytes(32);
let world: World;
const children: ChildProcess[] = [];

function startWorker(): ChildProcess {
  const child = fork(path.join(import.meta.dirname, 'twin-worker.ts'), {
    execArgv: ['--conditions=source'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  children.push(child);
  // By IPC, since arguments and environment can be read by others.
  child.send({
    facts: JSON.stringify(world.database.facts),
    passwords: world.database.passwords,
    rootKey: [...rootKey],
  });
  return child;
}

beforeAll(async () => {
  world = await createWorld(SecretBytes.take(Uint8Array.from(rootKey)));
});
afterAll(async () => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  await world.close();
});

it(`INV-9: two workers, ${jobCount} jobs: no job twice`, { timeout: endMs + 60_000 }, async () => {
  await world.sql(
    `INSERT INTO job (id, tenant_id, kind, input, requested_by, priority)
     SELECT gen_random_uuid(), $1, 'protect-asset', '{}', $2, n % 3 FROM generate_series(1, $3::int) n`,
    [world.actor.tenantId, world.actor.id, jobCount],
  );
  await world.sql('ANALYZE job');
  const started = performance.now();
  const workers = [startWorker(), startWorker()];
  const open = async () => (await world.sql("SELECT 1 FROM job WHERE status IN ('pending', 'running') LIMIT 1")).length;
  while ((await open()) > 0 && performance.now() - started < endMs) {
    expect(workers.map(({ exitCode }) => exitCode)).toEqual([null, null]);
    await sleep(100);
  }
  const seconds = (performance.now() - started) / 1000;
  for (const worker of workers) {
    worker.send('stop');
    await once(worker, 'exit');
  }

  const [jobs] = await world.sql(
    `SELECT count(*)::int AS jobs, count(*) FILTER (WHERE status = 'succeeded')::int AS succeeded,
            max(attempts)::int AS attempts FROM job`,
  );
  expect(jobs).toEqual({ jobs: jobCount, succeeded: jobCount, attempts: 1 });
  const [effects] = await world.sql(
    `SELECT count(*)::int AS rows, count(DISTINCT payload->>'jobId')::int AS jobs FROM outbox WHERE topic = 'twin-effect'`,
  );
  expect(effects).toEqual({ rows: jobCount, jobs: jobCount });
  const events = await world.sql(
    `SELECT action, count(*)::int AS events, count(DISTINCT resource_id)::int AS jobs FROM audit_event
      WHERE resource_type = 'job' GROUP BY action ORDER BY action`,
  );
  expect(events).toEqual([
    { action: 'job.completed', events: jobCount, jobs: jobCount },
    { action: 'job.started', events: jobCount, jobs: jobCount },
  ]);
  const shares = await world.sql<{ jobs: number }>(
    `SELECT count(*)::int AS jobs FROM outbox WHERE topic = 'twin-effect' GROUP BY payload->>'worker'`,
  );
  expect(shares).toHaveLength(2);
  console.log(
    `[two workers] ${jobCount} jobs, ${shares.map(({ jobs }) => jobs).join(' + ')} by worker, none twice; ` +
      `${Math.round(seconds * 10) / 10} s, ${Math.round(jobCount / seconds)} jobs/s`,
  );
});
