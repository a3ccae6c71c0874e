// RES-10 for a whole installation under a steady load of acknowledged writes: whatever is killed, it serves again, no
// acknowledged asset is lost or doubled, each has its one event and its one leaf, and the log verifies for an outsider.
// QV_FAULT_ROUNDS=20 runs the full loop; the default is a short one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Installation, type PartName } from '../harness/installation.ts';
import { AssetLoad } from './asset-load.ts';
import { logSettled, takeCopy, verifyOutside } from './kept-log.ts';

const ROUNDS = Number(process.env.QV_FAULT_ROUNDS ?? 2);
const writesBefore = 40;
const writesAfter = 20;

let installation: Installation;
let load: AssetLoad;

/** Assets of the load that are not there exactly once, with one `asset.created` event and one leaf. */
async function notExactlyOnce(): Promise<string[]> {
  const client = await installation.sql();
  try {
    const { rows } = await client.query<{ endpoint: string }>(
      `WITH wanted AS (SELECT * FROM unnest($1::text[], $2::text[]) AS wanted (endpoint, id)),
            stored AS (SELECT endpoint, count(*) AS assets, min(id::text) AS id FROM asset
                        WHERE endpoint LIKE 'postgres://fault-%' GROUP BY endpoint),
            logged AS (SELECT e.resource_id AS id, count(*) AS events, count(l.event_id) AS leaves
                         FROM audit_event e LEFT JOIN audit_leaf l ON l.event_id = e.id
                        WHERE e.action = 'asset.created' GROUP BY e.resource_id)
       SELECT coalesce(w.endpoint, s.endpoint) AS endpoint
         FROM wanted w FULL JOIN stored s USING (endpoint) LEFT JOIN logged g ON g.id = w.id
        WHERE (s.assets, s.id, g.events, g.leaves) IS DISTINCT FROM (1, w.id, 1, 1)`,
      [load.acknowledged.map(({ endpoint }) => endpoint), load.acknowledged.map(({ id }) => id)],
    );
    return rows.map(({ endpoint }) => endpoint);
  } finally {
    await client.end();
  }
}

interface Round {
  readonly readyMs: number;
  readonly writeMs: number;
}

/** One round: load, kill, recover, settle, and everything is looked at. */
async function round(parts: readonly PartName[]): Promise<Round> {
  const before = takeCopy(installation);
  load.start();
  let killedAt = 0;
  const times = { readyMs: 0, writeMs: 0 };
  try {
    await load.writes(writesBefore);
    await installation.kill(...parts);
    killedAt = performance.now();
    if (parts.includes('launcher')) installation.launch();
    await installation.waitReady();
    times.readyMs = performance.now() - killedAt;
    await load.writes(1);
    times.writeMs = performance.now() - killedAt;
    await load.writes(writesAfter);
  } finally {
    await load.stop();
  }
  expect(load.unexpected).toEqual([]);
  await logSettled(installation);
  expect(await notExactlyOnce()).toEqual([]);
  expect(await installation.client.verifyAuditChain()).toMatchObject({ valid: true, firstBadEvent: null });
  const verdict = await verifyOutside(installation, before);
  expect(verdict).toMatchObject({ valid: true, reason: null, firstBadLeaf: null });
  expect(verdict.events).toBeGreaterThanOrEqual(load.acknowledged.length);
  return times;
}

function report(what: string, rounds: readonly Round[], acknowledged: number, retries: number): void {
  const summary = (values: readonly number[]): string => {
    const sorted = [...values].sort((a, b) => a - b);
    return `median ${Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)} ms, longest ${Math.round(sorted.at(-1) ?? 0)} ms`;
  };
  console.log(
    `[kill -9] ${what}, ${rounds.length} times: ${acknowledged} assets acknowledged, 0 lost, 0 doubled, ${retries} requests repeated; ` +
      `ready again: ${summary(rounds.map(({ readyMs }) => readyMs))}; next write acknowledged: ${summary(rounds.map(({ writeMs }) => writeMs))}`,
  );
}

async function killRounds(what: string, order: (round: number) => readonly PartName[]): Promise<void> {
  const rounds: Round[] = [];
  const acknowledged = load.acknowledged.length;
  const retries = load.retries;
  for (let index = 0; index < ROUNDS; index += 1) rounds.push(await round(order(index)));
  report(what, rounds, load.acknowledged.length - acknowledged, load.retries - retries);
}

const orders: readonly (readonly PartName[])[] = [
  ['launcher', 'server', 'postgres'],
  ['postgres', 'server', 'launcher'],
  ['server', 'postgres', 'launcher'],
];

describe.skipIf(process.platform === 'win32')(
  'an installation under kill -9',
  { timeout: 60_000 + ROUNDS * 30_000 },
  () => {
    beforeAll(async () => {
      installation = await Installation.prepare();
      await installation.start();
      await logSettled(installation);
      load = new AssetLoad(installation);
    }, 120_000);
    afterAll(() => installation.remove(), 120_000);

    it(`RES-10: the server's Node killed ${ROUNDS} times: the launcher starts it again`, async () => {
      const { launcher, postgres } = installation.pids();
      await killRounds('server', () => ['server']);
      expect(installation.pids()).toMatchObject({ launcher, postgres: { pid: postgres.pid } });
      expect(installation.output).toMatch(/The server \(pid \d+\) ended unasked \(SIGKILL\); starting it again/);
    });

    it(`RES-10: PostgreSQL's postmaster killed ${ROUNDS} times: it is started again under the same server`, async () => {
      const { launcher, server } = installation.pids();
      await killRounds('PostgreSQL', () => ['postgres']);
      expect(installation.pids()).toMatchObject({ launcher, server });
      expect(installation.output).toMatch(/PostgreSQL \(pid \d+\) ended unasked \(SIGKILL\)/);
      expect(installation.output).toMatch(/PostgreSQL is back/);
    });

    it(`RES-10: the launcher killed ${ROUNDS} times: the next start takes the database over`, async () => {
      const { postgres } = installation.pids();
      await killRounds('launcher', () => ['launcher']);
      expect(installation.pids().postgres.pid).toBe(postgres.pid);
      expect(installation.output).toMatch(/was still running and is used again/);
    });

    it(`RES-10: everything killed ${ROUNDS} times: the next start recovers`, async () => {
      await killRounds('everything', (index) => orders[index % orders.length] ?? []);
    });

    it('RES-10: a second start on the same data folder says who runs and exits with 3; the first goes on serving', async () => {
      const before = installation.pids();
      load.start();
      const second = await installation.startAgain();
      await load.writes(10);
      await load.stop();
      expect(second.code).toBe(3);
      expect(second.output).toContain(
        `QuantumVault is already running on ${installation.dataDir} (pid ${before.launcher.pid}, ${installation.url})`,
      );
      expect(load.unexpected).toEqual([]);
      expect(installation.pids()).toEqual(before);
      const { status } = await installation.client.healthReady();
      expect(status).toBe('ok');
    });
  },
);
