// ACC-10: two processes on one database, each trying as hard as it can, let through together what the limit allows and no
// more than the slack that docs/design/limits.md states; also when one of them is killed and starts again.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../harness/database.ts';

const quota = 120;
const perSecond = quota / 60;
/** Two processes that know of each other: a quarter of the quota, and one request each that is never refused a share. */
const slack = quota / 4 + 2;

let database: TestDatabase;
const children: ChildProcess[] = [];

beforeAll(async () => {
  database = await cloneDatabase();
});
afterAll(async () => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  await database.close();
});

async function startProcess(address: string): Promise<ChildProcess> {
  const child = fork(path.join(import.meta.dirname, 'limit-process.ts'), {
    execArgv: ['--conditions=source'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  children.push(child);
  child.send({ facts: JSON.stringify(database.facts), passwords: database.passwords, quota, address });
  await once(child, 'message');
  return child;
}

async function allowedBy(child: ChildProcess): Promise<number> {
  const answer = once(child, 'message');
  child.send('how many');
  const [message] = await answer;
  return Number(Reflect.get(Object(message), 'allowed'));
}

it('ACC-10: two processes keep one limit, before and after one of them starts again', {
  timeout: 120_000,
}, async () => {
  // They get to know each other on another address, so that the steady state is what is measured.
  const strangers = [await startProcess('198.51.100.1'), await startProcess('198.51.100.1')];
  await sleep(2_500);
  const began = performance.now();
  const first = await startProcess('192.0.2.1');
  await sleep(1_500);
  const second = await startProcess('192.0.2.1');
  await sleep(6_000);
  const [one, two] = [await allowedBy(first), await allowedBy(second)];
  const seconds = (performance.now() - began) / 1000;
  expect(one + two).toBeGreaterThan(quota);
  expect(one + two).toBeLessThanOrEqual(quota + seconds * perSecond + slack);

  first.kill('SIGKILL');
  await once(first, 'exit');
  const restarted = performance.now();
  const again = await startProcess('192.0.2.1');
  await sleep(3_000);
  const [afresh, more] = [await allowedBy(again), (await allowedBy(second)) - two];
  const since = (performance.now() - restarted) / 1000;
  // A process that forgot would begin with a full bucket of 120.
  expect(afresh).toBeLessThanOrEqual(since * perSecond + 2);
  const all = (performance.now() - began) / 1000;
  expect(one + two + afresh + more).toBeLessThanOrEqual(quota + all * perSecond + slack);

  const rows = await database.superuser();
  const buckets = await rows.query('SELECT id FROM limit_bucket');
  await rows.end();
  // Nobody reads from the table whom a limit was about.
  for (const { id } of buckets.rows) expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/);
  expect(buckets.rows).toHaveLength(2);
  for (const stranger of strangers) expect(stranger.exitCode).toBeNull();
});
