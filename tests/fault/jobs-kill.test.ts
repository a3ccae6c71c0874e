// INV-9 under kill -9: jobs are taken over, and what a job does happens once however often it was begun.
// QV_FAULT_JOBS=2000 runs the full size, a third per type; the default is a short one.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Installation } from '../harness/installation.ts';
import { logSettled, takeCopy, verifyOutside } from './kept-log.ts';

const jobCount = Number(process.env.QV_FAULT_JOBS ?? 150);
/** The server dies when at least so many jobs have succeeded. */
const killsAfter = [0.1, 0.4, 0.7].map((part) => Math.floor(jobCount * part));

/** A third of the jobs each. `keys`: what one protection leaves with its asset; more would be of an interrupted attempt. */
const types = [
  { type: 'data-store', artifact: 'data-key', keys: 2, endpoint: (n: number) => `postgres://job-${n}` },
  { type: 'tls-endpoint', artifact: 'tls-bundle', keys: 1, endpoint: (n: number) => `job-${n}.example:443` },
  { type: 'api-endpoint', artifact: 'jwks', keys: 2, endpoint: (n: number) => `https://job-${n}.example.org` },
] as const;
const typeOf = (number: number): (typeof types)[number] => types[number % 3] ?? types[0];

/** Two servers lost and found again, and for each job ten times what it takes. */
const endMs = 90_000 + jobCount * 100;

let installation: Installation;
let client: pg.Client;

/** Records the assets and asks for their protection; in the role `web` nobody works on the jobs yet. */
async function enqueue(): Promise<void> {
  const qv = installation.client;
  const policy = (await qv.listPolicies({ query: {} })).items.find(({ name }) => name === 'hybrid-default');
  if (policy === undefined) throw new Error('the built-in policy is missing');
  const numbers = Array.from({ length: jobCount }, (_, number) => number);
  const work = async (): Promise<void> => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
      const { type, endpoint } = typeOf(number);
      const asset = await qv.createAsset({
        body: {
          name: `job-${number}`,
          type,
          endpoint: endpoint(number),
          sensitivity: 'confidential',
          exposure: 'internal',
          dataLifetimeYears: 10,
          tags: [],
        },
      });
      await qv.applyPolicy({
        params: { id: asset.id },
        // Types and priorities are mixed, so that each kill meets all types.
        body: { policyId: policy.id, simulate: false, priority: Math.floor(number / 3) % 3 },
      });
    }
  };
  await Promise.all(Array.from({ length: 6 }, work));
}

async function count(status: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM job WHERE status = $1', [status]);
  return Number(rows[0]?.count);
}

/** Jobs whose start is in the log and whose end is not; without those that an earlier kill has left behind. */
async function begun(left: ReadonlySet<string>): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    "SELECT id FROM job WHERE status = 'running' AND started_at IS NOT NULL ORDER BY id",
  );
  return rows.map(({ id }) => id).filter((id) => !left.has(id));
}

/** What a dead server has sent may still be committed by its backends; this is over when they have noticed. */
async function backendsGone(): Promise<void> {
  for (;;) {
    const { rows } = await client.query("SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'quantumvault-%'");
    if (rows.length === 0) return;
    await sleep(2);
  }
}

/** Stops a process in its tracks; false when it is gone. */
function hasStopped(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGSTOP');
  } catch (error) {
    if (Reflect.get(Object(error), 'code') === 'ESRCH') return false;
    throw error;
  }
}

/** Kills the server at a moment at which jobs run. Resolves to the jobs that were begun and not ended. */
async function killWhileJobsRun(after: number, left: ReadonlySet<string>): Promise<string[]> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    if ((await count('succeeded')) < after) {
      await sleep(2);
      continue;
    }
    const { server } = installation.pids();
    // Stopped first, so that what is looked at is still so when it dies.
    if (!hasStopped(server.pid)) {
      // Between two kills run.json still names the server that is gone; the next one is on its way.
      await sleep(20);
      continue;
    }
    if ((await begun(left)).length === 0) {
      process.kill(server.pid, 'SIGCONT');
      await sleep(1);
      continue;
    }
    await installation.killServer();
    await backendsGone();
    const interrupted = await begun(left);
    if (interrupted.length > 0) return interrupted;
  }
  throw new Error('no job was running in time');
}

interface JobFacts {
  readonly id: string;
  readonly kind: string | null;
  readonly status: string;
  readonly attempts: number;
  readonly artifacts: number;
  readonly keys: number;
  readonly started: number;
  readonly resumed: number;
  readonly finished: readonly string[];
}

async function factsOfJobs(): Promise<JobFacts[]> {
  const { rows } = await client.query<JobFacts>(
    `SELECT j.id, j.result->>'artifactKind' AS kind, j.status, j.attempts,
            (SELECT count(*)::int FROM protection_artifact p WHERE p.job_id = j.id) AS artifacts,
            (SELECT count(*)::int FROM asset_key k WHERE k.asset_id = j.asset_id) AS keys,
            coalesce(e.started, 0) AS started, coalesce(e.resumed, 0) AS resumed, coalesce(e.finished, '{}') AS finished
       FROM job j LEFT JOIN (
            SELECT resource_id, count(*) FILTER (WHERE action = 'job.started')::int AS started,
                   count(*) FILTER (WHERE action = 'job.resumed')::int AS resumed,
                   array_agg(action) FILTER (WHERE action NOT IN ('job.created', 'job.started', 'job.resumed')) AS finished
              FROM audit_event WHERE resource_type = 'job' GROUP BY resource_id) e ON e.resource_id = j.id::text
      ORDER BY j.id`,
  );
  return rows;
}

describe.skipIf(process.platform === 'win32')('jobs under kill -9', { timeout: endMs + 90_000 }, () => {
  beforeAll(async () => {
    installation = await Installation.prepare({ QV_JOB_LEASE_SECONDS: '3' });
    await installation.start({ QV_ROLE: 'web' });
    await enqueue();
    await installation.stop();
  }, endMs + 90_000);
  afterAll(async () => {
    await client?.end();
    await installation.remove();
  }, 120_000);

  it(`INV-9: ${jobCount} jobs, server killed ${killsAfter.length} times while they run: each has one success, one artifact, one start, one end`, async () => {
    await installation.start();
    const since = performance.now();
    client = await installation.sql();
    const interrupted: string[][] = [];
    for (const after of killsAfter) {
      interrupted.push(await killWhileJobsRun(after, new Set(interrupted.flat())));
      await installation.waitReady();
    }
    const copy = takeCopy(installation);
    while ((await count('succeeded')) < jobCount) {
      if (performance.now() - since > endMs) break;
      await sleep(20);
    }
    const tookMs = Math.round(performance.now() - since);

    const jobs = await factsOfJobs();
    const expected = { status: 'succeeded', artifacts: 1, started: 1, finished: ['job.completed'] };
    expect(jobs).toHaveLength(jobCount);
    expect(
      jobs.filter((job) => !Object.entries(expected).every(([name, value]) => isSame(Reflect.get(job, name), value))),
    ).toEqual([]);
    const numbers = Array.from({ length: jobCount }, (_, number) => number);
    for (const type of types) {
      const made = jobs.filter(({ kind }) => kind === type.artifact);
      expect(made).toHaveLength(numbers.filter((number) => typeOf(number) === type).length);
      expect(made.filter(({ keys }) => keys !== type.keys)).toEqual([]);
    }
    // Every claim counts; one that ended before the start was written leaves no event.
    expect(jobs.filter(({ attempts, resumed }) => attempts < 1 + resumed)).toEqual([]);
    for (const ids of interrupted) {
      expect(ids.length).toBeGreaterThan(0);
      expect(jobs.filter(({ id, resumed }) => ids.includes(id) && resumed === 0)).toEqual([]);
    }

    const claims = jobs.reduce((sum, { attempts }) => sum + attempts, 0);
    const resumed = jobs.reduce((sum, job) => sum + job.resumed, 0);
    console.log(
      `[kill -9] ${jobCount} jobs (${types.map(({ type }, at) => `${numbers.filter((n) => n % 3 === at).length} ${type}`).join(', ')}), running at the kills: ${interrupted.map((ids) => ids.length).join(', ')}; ` +
        `${claims} claims, ${resumed} job.resumed, ${jobs.length} job.started, ${jobs.length} job.completed; ${tookMs} ms from the first ready to the last end`,
    );
    expect(resumed).toBeGreaterThanOrEqual(interrupted.flat().length);

    await logSettled(installation);
    expect(await verifyOutside(installation, copy)).toMatchObject({ valid: true, reason: null });
  });

  it('INV-9: what resumed jobs made is whole: the data key comes back', async () => {
    const { rows } = await client.query<{ asset_id: string }>(
      `SELECT DISTINCT j.asset_id FROM job j JOIN audit_event e ON e.resource_id = j.id::text
        WHERE e.action = 'job.resumed' AND j.result->>'artifactKind' = 'data-key' LIMIT 5`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { asset_id: id } of rows) {
      const { dataKey } = await installation.client.unwrapDataKey({ params: { id } });
      expect(Buffer.from(dataKey, 'base64')).toHaveLength(32);
    }
  });
});

function isSame(actual: unknown, expected: unknown): boolean {
  return JSON.stringify(actual) === JSON.stringify(expected);
}
