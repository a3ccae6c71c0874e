import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listingsOf } from '../../../../../tools/bench/inventory/filter-matrix.ts';
import { addTenant, environments, largeTenant } from '../../../../../tools/bench/inventory/large-inventory.ts';
import { seedInventory } from '../../../../../tools/bench/inventory/seed-inventory.ts';
import { systemActor } from '../../kernel/system-actor.ts';
import { createWorld, type World } from '../jobs/world.test-support.ts';
import { PostgresAssetRepository } from './adapters/postgres-asset-repository.ts';
import { facetsOf } from './domain/asset-facets.ts';
import type { UsesFilter } from './domain/asset-uses.ts';
import { ListAssets, type ListAssetsQuery } from './usecases/list-assets.ts';

// The ways of a listing against the plain meaning of its filters: small bounds send it down every way.

interface Known {
  readonly id: string;
  readonly name: string;
  readonly endpoint: string;
  readonly type: string;
  readonly sensitivity: string;
  readonly exposure: string;
  readonly environment_id: string;
  readonly owner: string | null;
  readonly tags: string[];
  readonly risk_score: number;
  readonly band: string;
  readonly state: string;
  readonly facet: number;
  readonly readiness: string;
  readonly encryption_profile: {
    readonly uses: readonly { role: string; algorithm: string }[];
    appliedPolicy?: object;
  };
  readonly evidence: {
    readonly scan: { readonly suites: string[]; readonly findings: readonly { id: string }[] };
  } | null;
}

/** What the filters over uses mean, written once more. */
function isUsed({ encryption_profile: profile, evidence, readiness }: Known, query: UsesFilter): boolean {
  const has = (role: string, wanted: string | undefined) =>
    wanted === undefined ||
    profile.uses.some((use) => use.role === role && (use.algorithm === wanted || use.algorithm.startsWith(wanted)));
  return (
    has('key-establishment', query.keyExchange) &&
    has('signature', query.signature) &&
    has('encryption', query.encryption) &&
    (query.finding === undefined || evidence?.scan.findings.some(({ id }) => id === query.finding) === true) &&
    (query.readiness === undefined || readiness === query.readiness) &&
    (query.protection === undefined || (query.protection === 'applied') === (profile.appliedPolicy !== undefined))
  );
}

function isWanted(asset: Known, query: Omit<ListAssetsQuery, 'cursor'>): boolean {
  const words = `${asset.name} ${asset.endpoint}`.toLowerCase().split(/[^a-z0-9]+/);
  const state = query.state ?? (query.includeArchived === 'true' ? undefined : 'active');
  return (
    (['type', 'sensitivity', 'exposure', 'band', 'owner'] as const).every(
      (name) => query[name] === undefined || asset[name] === query[name],
    ) &&
    (query.environmentId === undefined || asset.environment_id === query.environmentId) &&
    (query.tag === undefined || asset.tags.includes(query.tag)) &&
    (state === undefined || asset.state === state) &&
    isUsed(asset, query) &&
    (query.search ?? '')
      .split(' ')
      .filter((word) => word !== '')
      .every((wanted) => words.some((word) => word.startsWith(wanted)))
  );
}

describe('listings of assets', () => {
  let world: World;
  let known: Known[];
  const actor = systemActor(largeTenant);
  const listWith = (hitsMax: number, walkMax: number) => {
    const assets = new PostgresAssetRepository({ bounds: { hitsMax, walkMax } });
    return new ListAssets({ reachOf: () => null, authorize: async () => {}, uow: world.uow, assets });
  };

  beforeAll(async () => {
    world = await createWorld();
    const superuser = await world.database.superuser();
    await addTenant(superuser, largeTenant, environments);
    await seedInventory(superuser, { tenantId: largeTenant, environmentIds: environments, assets: 700 });
    await superuser.end();
    known = await world.sql<Known>(
      `SELECT *, risk ->> 'band' AS band, CASE WHEN archived_at IS NULL THEN 'active' ELSE coalesce(ended_as, 'archived') END AS state
         FROM asset WHERE tenant_id = $1`,
      [largeTenant],
    );
  });
  afterAll(() => world.close());

  it('INV-12: every filter in every order gives each asset that it means, once and in order, by whichever way', async () => {
    for (const [hitsMax, walkMax] of [
      [4_000, 8_000],
      [30, 100],
      [0, 40],
    ] as const) {
      const list = listWith(hitsMax, walkMax);
      for (const { name, query } of listingsOf(environments[1] ?? '', 35)) {
        const seen: string[] = [];
        let cursor: string | undefined;
        for (let page = 0; ; page += 1) {
          const found = await list.execute(actor, { ...query, cursor });
          expect(found.items.length).toBeLessThanOrEqual(35);
          seen.push(...found.items.map(({ id }) => id));
          if (found.nextCursor === null) break;
          cursor = found.nextCursor;
          if (page > 100) expect.fail(`${name} does not end`);
        }
        const wanted = known
          .filter((asset) => isWanted(asset, query))
          .sort((a, b) => (query.sort === 'risk' ? b.risk_score - a.risk_score : 0) || (a.id < b.id ? 1 : -1));
        expect({ name, hitsMax, ids: seen }).toEqual({ name, hitsMax, ids: wanted.map(({ id }) => id) });
      }
    }
  }, 120_000);

  it('INV-12: the number that the database keeps for the enumerations of an asset is the one that filters ask for', () => {
    for (const asset of known) {
      const { type, sensitivity, exposure, band, state } = asset as Known & Record<'type' | 'sensitivity', never>;
      expect(
        facetsOf({ type, sensitivity, exposure: exposure as never, band: band as never, state: state as never }),
      ).toEqual([asset.facet]);
    }
    expect(new Set(facetsOf({})).size).toBe(9 * 5 * 3 * 4 * 4);
  });

  it('INV-12: terms follow name, endpoint and tags, and another organization finds nothing by them', async () => {
    const [asset] = known.filter(({ state }) => state === 'active');
    if (asset === undefined) expect.fail('no asset');
    const list = listWith(4_000, 8_000);
    const find = async (query: { search?: string; tag?: string }, who = actor) =>
      (await list.execute(who, { ...query, limit: 10, sort: 'newest', includeArchived: 'false' })).items.map(
        ({ id }) => id,
      );
    await world.sql("UPDATE asset SET name = 'Große Straße 7', tags = '{new one}' WHERE id = $1", [asset.id]);
    expect(await find({ search: 'straße GROSSE' })).toEqual([]);
    expect(await find({ search: 'STRA 7 gro' })).toEqual([asset.id]);
    expect(await find({ tag: 'new one' })).toEqual([asset.id]);
    expect(await find({ search: '--- ??' })).toEqual([]);
    expect(await find({ search: 'stra' }, world.actor)).toEqual([]);
    expect(await find({ tag: 'new one' }, world.actor)).toEqual([]);
  });

  it('INV-12: uses follow profile, evidence, risk and state, and another organization finds nothing by them', async () => {
    const [asset] = known.filter(({ state, type }) => state === 'active' && type === 'tls-endpoint');
    if (asset === undefined) expect.fail('no asset');
    const list = listWith(4_000, 8_000);
    const find = async (query: UsesFilter & { band?: 'low' | 'critical' }, who = actor) =>
      (await list.execute(who, { ...query, limit: 10, sort: 'risk', includeArchived: 'false' })).items.map(
        ({ id }) => id,
      );
    const set = (change: string) => world.sql(`UPDATE asset SET ${change} WHERE id = $1`, [asset.id]);
    await set(
      `encryption_profile = '{"uses": [{"role": "signature", "algorithm": "RSA-3072"}], "weaknesses": [{"id": "tls-beast"}]}'`,
    );
    expect(await find({ signature: 'RSA-3072' })).toEqual([asset.id]);
    expect(await find({ signature: 'RSA' })).toEqual([asset.id]);
    expect(await find({ finding: 'tls-beast', protection: 'none' })).toEqual([asset.id]);
    expect(await find({ keyExchange: 'RSA', signature: 'RSA' })).toEqual([]);
    // A modern client gets something else, and yet the server accepts RSA key exchange.
    await set(
      `evidence = jsonb_set(evidence, '{scan,suites}', '["TLS_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA"]')`,
    );
    expect(await find({ keyExchange: 'RSA', signature: 'RSA' })).toEqual([asset.id]);
    await set(`risk = risk || '{"score": 99, "band": "critical"}', risk_score = 99`);
    expect(await find({ signature: 'RSA', band: 'critical' })).toEqual([asset.id]);
    expect(await find({ signature: 'RSA', band: 'low' })).toEqual([]);
    expect(await find({ signature: 'RSA' }, world.actor)).toEqual([]);
    await set(`readiness = 'safe'`);
    expect(await find({ readiness: 'safe', signature: 'RSA' })).toEqual([asset.id]);
    expect(await find({ readiness: 'vulnerable', signature: 'RSA' })).toEqual([]);
    await set('archived_at = now()');
    expect(await find({ signature: 'RSA' })).toEqual([]);
    await set(`encryption_profile = 'null', evidence = NULL, archived_at = NULL`);
    expect(await find({ signature: 'RSA' })).toEqual([]);
    expect(await find({ finding: 'tls-beast' })).toEqual([]);
  });
});
