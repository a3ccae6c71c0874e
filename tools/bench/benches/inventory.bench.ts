/**
 * Listings of a large inventory (INV-12, QUA-9): every filter of the interface in both orders, first page and a deep one.
 * 100,000 assets, or as many as QV_BENCH_ASSETS says: a million take some minutes to make.
 */
import { assetSchema, pageOf } from '@quantumvault/api';
import type { Actor } from '../../../apps/server/src/kernel/actor.ts';
import { systemActor } from '../../../apps/server/src/kernel/system-actor.ts';
import { PostgresAssetRepository } from '../../../apps/server/src/modules/inventory/adapters/postgres-asset-repository.ts';
import { ListAssets } from '../../../apps/server/src/modules/inventory/usecases/list-assets.ts';
import { sqlOf } from '../../../apps/server/src/platform/postgres/unit-of-work.ts';
import type { Bench } from '../bench.ts';
import { listingsOf, type NamedListing } from '../inventory/filter-matrix.ts';
import { environments, largeTenant, openLargeInventory } from '../inventory/large-inventory.ts';

const assets = Number(process.env.QV_BENCH_ASSETS ?? 100_000);
const pagesPerListing = 6;
const repetitions = 4;
const actor: Actor = systemActor(largeTenant);
const answer = pageOf(assetSchema);

let opened: ReturnType<typeof openLargeInventory> | undefined;
const inventory = () => {
  opened ??= openLargeInventory(assets);
  return opened;
};

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;

async function timed(times: number[], work: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  await work();
  times.push(performance.now() - started);
}

/** Times of the first pages of a listing, from the question to the answer that the contract lets out. */
async function timesOf({ query }: NamedListing): Promise<number[]> {
  const { uow } = await inventory();
  const list = new ListAssets({
    reachOf: () => null,
    authorize: async () => {},
    uow,
    assets: new PostgresAssetRepository(),
  });
  const times: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    let cursor: string | undefined;
    for (let page = 0; page < pagesPerListing; page += 1) {
      let next: string | null = null;
      await timed(times, async () => {
        const found = answer.parse(await list.execute(actor, { ...query, cursor }));
        next = found.nextCursor;
      });
      if (next === null) break;
      cursor = next;
    }
  }
  return times;
}

/** What no listing can avoid: fifty rows whose ids are known, read and parsed. */
async function baselineTimes(): Promise<number[]> {
  const { uow } = await inventory();
  const repository = new PostgresAssetRepository();
  const some = await uow.read(largeTenant, (tx) =>
    sqlOf(tx)
      .selectFrom('asset')
      .select('id')
      .where('tenant_id', '=', largeTenant)
      .where('archived_at', 'is', null)
      .limit(50)
      .execute(),
  );
  const times: number[] = [];
  for (let repetition = 0; repetition < 20; repetition += 1) {
    await timed(times, () => uow.read(largeTenant, (tx) => Promise.all(some.map(({ id }) => repository.find(tx, id)))));
  }
  return times;
}

let verbose = true;

export const benches: readonly Bench[] = [
  {
    id: 'inventory.listings',
    name: `Asset listings, ${assets.toLocaleString('en-US')}: worst p95`,
    unit: 'pages/s',
    // 20 pages a second one after the other are 50 ms for one.
    target: { value: 20 },
    run: async () => {
      let worst = 0;
      const baseline = quantile(
        (await baselineTimes()).sort((a, b) => a - b),
        0.95,
      );
      for (const listing of listingsOf(environments[1] ?? '')) {
        const times = (await timesOf(listing)).sort((a, b) => a - b);
        const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
        if (verbose)
          console.log(
            `  ${listing.name.padEnd(100)} p50 ${p50.toFixed(1).padStart(7)} ms  p95 ${p95.toFixed(1).padStart(7)} ms`,
          );
        worst = Math.max(worst, p95);
      }
      if (verbose) console.log(`  ${'fifty rows by their ids'.padEnd(100)} p95 ${baseline.toFixed(1)} ms`);
      verbose = false;
      return { value: 1000 / worst, baseline: 1000 / baseline };
    },
  },
];

export async function close(): Promise<void> {
  await (await opened)?.close();
}
