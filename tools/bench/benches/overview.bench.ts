/**
 * The overview of a large inventory (IFC-5, QUA-9) and what its tally costs those who write. 100,000 assets, or as many as
 * QV_BENCH_ASSETS says.
 */
import type { Reach } from '@quantumvault/access';
import { overviewSchema } from '@quantumvault/api';
import { sql } from 'kysely';
import { type AssetId, idFrom, uuidV7Source } from '../../../apps/server/src/kernel/ids.ts';
import { systemActor } from '../../../apps/server/src/kernel/system-actor.ts';
import { PostgresEndingGrants } from '../../../apps/server/src/modules/access/adapters/postgres-ending-grants.ts';
import { PostgresEndingApiKeys } from '../../../apps/server/src/modules/identity/api-keys/postgres-ending-api-keys.ts';
import { PostgresAssetRepository } from '../../../apps/server/src/modules/inventory/adapters/postgres-asset-repository.ts';
import { PostgresAssetTally } from '../../../apps/server/src/modules/inventory/adapters/postgres-asset-tally.ts';
import { PostgresEndingCertificates } from '../../../apps/server/src/modules/inventory/adapters/postgres-ending-certificates.ts';
import { type Evidence, riskOf } from '../../../apps/server/src/modules/inventory/domain/asset.ts';
import { GetOverview } from '../../../apps/server/src/modules/overview/usecases/get-overview.ts';
import { sqlOf } from '../../../apps/server/src/platform/postgres/unit-of-work.ts';
import type { Bench } from '../bench.ts';
import { environments, largeTenant, openLargeInventory } from '../inventory/large-inventory.ts';

const assets = Number(process.env.QV_BENCH_ASSETS ?? 100_000);
const actor = systemActor(largeTenant);
const newId = uuidV7Source(() => Date.now());

let opened: ReturnType<typeof openLargeInventory> | undefined;
const inventory = () => {
  opened ??= openLargeInventory(assets);
  return opened;
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
const quantile = (times: readonly number[], share: number): number =>
  times.toSorted((a, b) => a - b)[Math.ceil(times.length * share) - 1] ?? Number.NaN;

const part: Reach = { everywhere: false, allowed: [environments[1] ?? ''], denied: [] };
const readers: readonly (readonly [string, Reach | null])[] = [
  ['the whole organization', null],
  ['one environment', part],
];

async function timesOf(reach: Reach | null): Promise<number[]> {
  const { uow } = await inventory();
  const get = new GetOverview({
    authorize: async () => {},
    may: () => true,
    reachOf: () => reach,
    uow,
    clock: { now: () => new Date() },
    tally: new PostgresAssetTally(),
    certificates: new PostgresEndingCertificates(),
    apiKeys: new PostgresEndingApiKeys(),
    grants: new PostgresEndingGrants(),
  });
  const times: number[] = [];
  for (let asked = 0; asked < 40; asked += 1)
    times.push(await timed(async () => overviewSchema.parse(await get.execute(actor))));
  return times;
}

/** The figures of now alone, without a tally: the assets are counted. */
async function recount(): Promise<number> {
  const { uow } = await inventory();
  return timed(() =>
    uow.read(largeTenant, (tx) =>
      sql`SELECT (facet / 4) % 4, readiness, count(*) FROM asset WHERE archived_at IS NULL GROUP BY 1, 2`.execute(
        sqlOf(tx),
      ),
    ),
  );
}

const observed = {
  source: 'scan',
  observedAt: '2026-11-01T00:00:00.000Z',
  uses: [{ role: 'key-establishment', algorithm: 'x25519' }],
  weaknesses: [],
} as const;
const classification = { sensitivity: 'internal', exposure: 'internal', dataLifetimeYears: 5 } as const;
const batch = 100;

/** Milliseconds to find a hundred servers as a scan does, and to see each once more with another outcome. */
async function importTime(evidence: Evidence): Promise<number> {
  const { uow } = await inventory();
  const repository = new PostgresAssetRepository();
  return timed(() =>
    uow.writeUnaudited({ tenantId: largeTenant, reason: 'bench' }, async (tx) => {
      for (let made = 0; made < batch; made += 1) {
        const id = newId<AssetId>();
        const endpoint = `${id}.example.org:443`;
        const risk = riskOf({ ...classification, type: 'tls-endpoint', encryptionProfile: observed });
        await repository.insert(tx, {
          ...{
            id,
            environmentId: idFrom(environments[0] ?? ''),
            name: endpoint,
            type: 'tls-endpoint',
            endpoint,
            owner: null,
            tags: [],
          },
          ...{ ...classification, encryptionProfile: observed, evidence, risk },
        });
        const encryptionProfile = {
          ...observed,
          uses: [{ role: 'key-establishment', algorithm: 'X25519MLKEM768' } as const],
        };
        const better = riskOf({ ...classification, type: 'tls-endpoint', encryptionProfile });
        await repository.change(tx, id, { encryptionProfile, evidence, risk: better, isSeenNow: true });
      }
    }),
  );
}

let verbose = true;

export const benches: readonly Bench[] = [
  {
    id: 'overview.read',
    name: `Overview, ${assets.toLocaleString('en-US')} assets: worst p95`,
    unit: 'answers/s',
    // 20 answers a second one after the other are 50 ms for one. The baseline counts the rows instead.
    target: { value: 20 },
    run: async () => {
      const baseline = Math.min(await recount(), await recount());
      let worst = 0;
      for (const [name, reach] of readers) {
        const times = await timesOf(reach);
        const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
        if (verbose) console.log(`  ${name.padEnd(30)} p50 ${p50.toFixed(1)} ms  p95 ${p95.toFixed(1)} ms`);
        worst = Math.max(worst, p95);
      }
      if (verbose) console.log(`  ${'counting the assets'.padEnd(30)} ${baseline.toFixed(1)} ms`);
      verbose = false;
      return { value: 1000 / worst, baseline: 1000 / baseline };
    },
  },
  {
    id: 'overview.write',
    name: 'Assets found and seen again, with the tally',
    unit: 'assets/s',
    // The baseline writes without the triggers.
    target: { ratio: 0.85 },
    run: async () => {
      const { superuser } = await inventory();
      const { rows } = await superuser.query<{ evidence: Evidence }>(
        'SELECT evidence FROM asset WHERE tenant_id = $1 AND evidence IS NOT NULL LIMIT 1',
        [largeTenant],
      );
      const evidence = rows[0]?.evidence;
      if (evidence === undefined) throw new Error('no evidence was seeded');
      const times: { with: number[]; without: number[] } = { with: [], without: [] };
      for (let round = 0; round < 6; round += 1) {
        for (const [how, change] of [
          ['with', 'ENABLE'],
          ['without', 'DISABLE'],
        ] as const) {
          for (const trigger of ['tally_added', 'tally_changed'])
            await superuser.query(`ALTER TABLE asset ${change} TRIGGER ${trigger}`);
          times[how].push(await importTime(evidence));
        }
      }
      const rate = (of: readonly number[]) => (batch * 1000) / quantile(of, 0.5);
      return { value: rate(times.with), baseline: rate(times.without) };
    },
  },
];

export async function close(): Promise<void> {
  await (await opened)?.close();
}
