// RES-10 for the first boot: killed at any moment, the next start completes it, and there is one organization whose
// administrator somebody can be. QV_FAULT_ROUNDS=20 runs the full loop; the default is a short one.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { identify, isAlive } from '../../tools/launcher/run-file.ts';
import { Installation } from '../harness/installation.ts';
import { logSettled, takeCopy, verifyOutside } from './kept-log.ts';

const ROUNDS = Number(process.env.QV_FAULT_ROUNDS ?? 2);

/** Every process below this one, by the parents that /proc names; children first. */
function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended while we looked.
    }
  }
  const below = (parent: number): number[] =>
    [...parents].filter(([, of]) => of === parent).flatMap(([child]) => [...below(child), child]);
  return below(pid);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in this very moment.
  }
}

/** What dies, and whether somebody has to start it again. */
const kills = {
  everything: 'the launcher and all that it has started: a power cut of the program',
  launcher: 'the launcher alone; what it has started must end or be taken over',
  children: 'initdb, PostgreSQL, migration or server, whatever lives; the launcher recovers or ends',
} as const;
type Kill = keyof typeof kills;
const kinds: readonly Kill[] = ['everything', 'launcher', 'children'];

let installation: Installation | undefined;

/** A first boot that is killed after `delayMs`. Resolves to how far it had come. */
async function killedFirstBoot(kill: Kill, delayMs: number): Promise<{ into: Installation; reached: string }> {
  const into = await Installation.prepare();
  installation = into;
  into.launch();
  await sleep(delayMs);
  const reached = progress(into);
  const below = descendants(into.launchPid).map(identify);
  if (kill !== 'children') await into.killLaunch();
  if (kill !== 'launcher') {
    for (const victim of below.filter(isAlive)) killIfThere(victim.pid);
  }
  return { into, reached };
}

const milestones = [
  'postgres.json',
  'postgres/data',
  'database-roles.json',
  'seal.key',
  'bootstrap-admin.json.pending',
  'bootstrap-admin.json',
];
const progress = ({ dataDir }: Installation): string =>
  milestones.findLast((name) => existsSync(path.join(dataDir, name))) ?? 'nothing';

/** Waits until it serves; when the launcher has ended or was killed, starts it again, at most twice. */
async function recover(into: Installation, kill: Kill): Promise<number> {
  if (kill !== 'children') {
    await into.start();
    return 1;
  }
  try {
    await into.waitReady();
    return 0;
  } catch (error) {
    if (into.isRunning) throw error;
    await into.start();
    return 1;
  }
}

describe.skipIf(process.platform !== 'linux')(
  'the first boot under kill -9',
  { timeout: 60_000 + ROUNDS * 60_000 },
  () => {
    let bootMs = 0;
    beforeAll(async () => {
      const whole = await Installation.prepare();
      try {
        bootMs = await whole.start();
      } finally {
        await whole.remove();
      }
    }, 120_000);
    afterEach(() => installation?.remove(), 120_000);

    it(`RES-10: killed at ${ROUNDS} random moments: the first boot is completed once`, async () => {
      const rounds: string[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const kill = kinds[round % kinds.length] ?? 'everything';
        const delayMs = Math.round(Math.random() * bootMs);
        const { into, reached } = await killedFirstBoot(kill, delayMs);
        const since = performance.now();
        const starts = await recover(into, kill);
        const tookMs = Math.round(performance.now() - since);
        await expectBootedOnce(into);
        rounds.push(`${kill} after ${delayMs} ms (${reached}): ${starts} more starts, ready in ${tookMs} ms`);
        await into.remove();
      }
      console.log(`[kill -9] first boot of ${Math.round(bootMs)} ms\n${rounds.join('\n')}`);
    });
  },
);

async function expectBootedOnce(into: Installation): Promise<void> {
  const file = path.join(into.dataDir, 'bootstrap-admin.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(existsSync(`${file}.pending`)).toBe(false);
  const { organizationId, apiKey, url } = into.signIn;
  expect(url).toBe(into.url);
  expect(apiKey).toMatch(/^qv_/);
  const actor = await into.client.whoAmI();
  expect(actor).toMatchObject({ organizationId, roles: ['platform-admin'] });
  const client = await into.sql();
  try {
    const { rows } = await client.query(
      `SELECT (SELECT array_agg(id::text) FROM organization) AS organizations, (SELECT count(*)::int FROM installation) AS installations,
              (SELECT count(*)::int FROM root_key_seal) AS seals, (SELECT count(*)::int FROM log_key) AS log_keys,
              (SELECT count(*)::int FROM user_account) AS users, (SELECT count(*)::int FROM api_key) AS keys,
              (SELECT count(*)::int FROM audit_event WHERE action = 'organization.created') AS created`,
    );
    expect(rows).toEqual([
      { organizations: [organizationId], installations: 1, seals: 1, log_keys: 2, users: 1, keys: 1, created: 1 },
    ]);
  } finally {
    await client.end();
  }
  await logSettled(into);
  expect(await into.client.verifyAuditChain()).toMatchObject({ valid: true });
  expect(await verifyOutside(into, takeCopy(into))).toMatchObject({ valid: true, reason: null });
}
