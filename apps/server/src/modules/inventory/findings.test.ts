import { assetFindingSchema, assetSchema } from '@quantumvault/api';
import type { Finding, TlsScanResult } from '@quantumvault/inventory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessOfPermissions } from '../../kernel/access.test-support.ts';
import { systemClock } from '../../kernel/clock.ts';
import { createWorld, newId, type World } from '../jobs/world.test-support.ts';
import { PostgresAssetRepository } from './adapters/postgres-asset-repository.ts';
import { PostgresFindingRepository } from './adapters/postgres-finding-repository.ts';
import { createRecordTlsScans } from './record-tls-scans.ts';
import { AcceptFinding } from './usecases/accept-finding.ts';
import { CreateAsset } from './usecases/create-asset.ts';
import { GetAsset } from './usecases/get-asset.ts';
import { ImportTls } from './usecases/import-tls.ts';
import { ListAssets } from './usecases/list-assets.ts';
import { ListFindings } from './usecases/list-findings.ts';
import { MergeAsset } from './usecases/merge-asset.ts';
import { UnacceptFinding } from './usecases/unaccept-finding.ts';
import { WithdrawAsset } from './usecases/withdraw-asset.ts';

const classification = { sensitivity: 'confidential', exposure: 'internet', dataLifetimeYears: 10 } as const;
let world: World;
let now = new Date();
const clock = { ...systemClock, now: () => now };
let deps: ReturnType<typeof makeDeps>;
const makeDeps = (from: World) => {
  const assets = new PostgresAssetRepository();
  const findings = new PostgresFindingRepository({ newId });
  return { ...from, assets, findings, clock, newId, record: createRecordTlsScans({ assets, findings, newId }) };
};
beforeAll(async () => {
  world = await createWorld();
  deps = makeDeps(world);
});
afterAll(() => world.close());

const finding = (id: string, severity: Finding['severity'] = 'medium'): Finding => ({
  id,
  severity,
  message: `${id} was seen.`,
  evidence: `evidence of ${id}`,
  remedy: 'Change it.',
});
let count = 0;
const result = (findings: readonly Finding[], changes: Partial<TlsScanResult> = {}): TlsScanResult => ({
  host: `f${++count}.example.org`,
  port: 443,
  reachable: true,
  protocol: 'tls',
  profile: 'full',
  versions: ['TLSv1.3'],
  suites: ['TLS_AES_256_GCM_SHA384'],
  groups: ['x25519'],
  preference: 'server',
  suitesByVersion: [],
  groupsByVersion: [],
  provenGroups: [],
  keyShareSteers: null,
  alpn: null,
  dheBits: null,
  chains: [],
  closings: [],
  chain: [],
  findings,
  error: null,
  provenGroup: 'x25519',
  unresolved: [],
  ...changes,
});
const see = async (scan: TlsScanResult, actor = world.actor) =>
  (await new ImportTls(deps).execute(actor, { results: [scan], ...classification })).items[0] ?? expect.fail();
const list = async (query: object, actor = world.actor) =>
  (await new ListFindings(deps).execute(actor, { limit: 100, ...query })).items;
const accept = (id: string, days = 30, actor = world.actor) =>
  new AcceptFinding(deps).execute(actor, { id, reason: 'Behind a firewall', days });

describe('INV-5: findings of assets', () => {
  it('INV-5: each is there once however often it is seen, is gone when a full scan sees it no more, and comes back', async () => {
    const scan = result([finding('a-rule'), finding('b-rule', 'high')]);
    const { id: assetId } = await see(scan);
    const first = await list({ assetId });
    expect(first.map((one) => assetFindingSchema.parse(one))).toEqual(first);
    expect(first.map(({ rule, state }) => [rule, state]).sort()).toEqual([
      ['a-rule', 'open'],
      ['b-rule', 'open'],
    ]);
    expect(first.find(({ rule }) => rule === 'a-rule')?.evidence).toBe('evidence of a-rule');

    // A quick scan asks too little to know.
    await see({ ...scan, profile: 'quick', findings: [] });
    expect(await list({ assetId, state: 'open' })).toHaveLength(2);
    await see({ ...scan, findings: [finding('b-rule', 'high')] });
    expect((await list({ assetId, state: 'gone' })).map(({ rule }) => rule)).toEqual(['a-rule']);
    await see(scan);
    const again = await list({ assetId });
    expect(again.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
    expect(again.every(({ state }) => state === 'open')).toBe(true);
  });

  it('INV-5: an accepted one is open again when its time is over, without anything that runs', async () => {
    const asset = await see(result([finding('a-rule')]));
    const [{ id } = expect.fail()] = await list({ assetId: asset.id });
    const accepted = await accept(id, 30);
    expect(accepted).toMatchObject({ state: 'accepted', acceptance: { reason: 'Behind a firewall' } });
    expect(await list({ assetId: asset.id, state: 'open' })).toEqual([]);
    expect(await list({ assetId: asset.id, state: 'accepted' })).toHaveLength(1);
    // Accepting makes nothing safer.
    expect((await new GetAsset(deps).execute(world.actor, asset.id)).risk).toEqual(asset.risk);
    now = new Date(now.getTime() + 30 * 86_400_000);
    expect(await list({ assetId: asset.id, state: 'open' })).toMatchObject([{ state: 'open' }]);
    expect(await list({ rule: 'a-rule', state: 'open' })).toContainEqual(expect.objectContaining({ id }));
    expect(await list({ assetId: asset.id, state: 'accepted' })).toEqual([]);
    expect(await world.eventsOf(id)).toEqual(['finding.accepted']);
    now = new Date();
  });

  it('INV-5: an acceptance is taken back once, and ends when the finding becomes more severe', async () => {
    const scan = result([finding('a-rule')]);
    const { id: assetId } = await see(scan);
    const [{ id } = expect.fail()] = await list({ assetId });
    await accept(id);
    const unaccept = () => new UnacceptFinding(deps).execute(world.actor, id);
    expect(await unaccept()).toMatchObject({ state: 'open', acceptance: null });
    await expect(unaccept()).rejects.toMatchObject({ code: 'INVENTORY_FINDING_NOT_ACCEPTED' });
    await accept(id);
    await see(scan);
    expect(await list({ assetId })).toMatchObject([{ state: 'accepted' }]);
    await see({ ...scan, findings: [finding('a-rule', 'critical')] });
    expect(await list({ assetId })).toMatchObject([{ state: 'open', severity: 'critical', acceptance: null }]);
    await see({ ...scan, findings: [] });
    await expect(accept(id)).rejects.toMatchObject({ code: 'INVENTORY_FINDING_GONE' });
  });

  it('INV-12: listings filter and page, each finding once', async () => {
    const { actor, environmentId } = await world.newTenant();
    for (let n = 0; n < 5; n += 1) await see(result([finding('a-rule'), finding('b-rule', 'high')]), actor);
    expect(await list({ severity: 'high' }, actor)).toHaveLength(5);
    expect(await list({ severity: 'low' }, actor)).toEqual([]);
    expect(await list({ rule: 'a-rule', environmentId }, actor)).toHaveLength(5);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await new ListFindings(deps).execute(actor, { limit: 3, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    expect(seen).toHaveLength(10);
  });

  it('ACC-1: findings of another organization are not there, and accepting needs its permission', async () => {
    const other = await world.newTenant();
    const { id: assetId } = await see(result([finding('a-rule')]), other.actor);
    const [{ id } = expect.fail()] = await list({ assetId }, other.actor);
    expect(await list({ assetId })).toEqual([]);
    await expect(accept(id)).rejects.toMatchObject({ code: 'INVENTORY_FINDING_NOT_FOUND' });
    const reader = { ...other.actor, access: accessOfPermissions(['asset.read']) };
    await expect(accept(id, 1, reader)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect(await list({ assetId }, other.actor)).toMatchObject([{ state: 'open' }]);
  });
});

describe('INV-1: wrong entries', () => {
  const create = (endpoint: string, changes: object = {}, actor = world.actor) =>
    new CreateAsset(deps).execute(actor, {
      name: endpoint,
      type: 'data-store',
      endpoint,
      tags: [],
      ...classification,
      ...changes,
    });
  const merge = (id: string, intoId: string) =>
    new MergeAsset(deps).execute(world.actor, { id, intoId, reason: 'Same cluster' });

  it('INV-1: a merged entry points to the one that stays, which takes over its tags and first day', async () => {
    const [from, into] = [await create('db-a', { tags: ['eu', 'pci'] }), await create('db-b', { tags: ['pci', 'x'] })];
    const merged = await merge(from.id, into.id);
    expect(merged).toMatchObject({ id: into.id, state: 'active', version: 2, firstSeenAt: from.firstSeenAt });
    expect(merged.tags).toEqual(['eu', 'pci', 'x']);
    const gone = await new GetAsset(deps).execute(world.actor, from.id);
    expect(assetSchema.parse(gone)).toMatchObject({ state: 'merged', mergedInto: into.id, endReason: 'Same cluster' });
    expect(await world.eventsOf(from.id)).toEqual(['asset.created', 'asset.merged']);
    const query = { limit: 10, sort: 'newest', includeArchived: 'false', state: 'merged' } as const;
    expect((await new ListAssets(deps).execute(world.actor, query)).items).toContainEqual(gone);
    await expect(merge(from.id, into.id)).rejects.toMatchObject({ code: 'INVENTORY_ASSET_ARCHIVED' });
  });

  it('INV-1: only entries that can be the same thing are merged, and never away from keys', async () => {
    const [store, other] = [await create('db-c'), await create('db-d')];
    const library = await create('lib', { type: 'library' });
    await expect(merge(store.id, store.id)).rejects.toMatchObject({ code: 'INVENTORY_MERGE_UNFIT' });
    await expect(merge(store.id, library.id)).rejects.toMatchObject({ code: 'INVENTORY_MERGE_UNFIT' });
    const foreign = await world.newTenant();
    const stranger = await create('db-e', {}, foreign.actor);
    for (const [id, intoId] of [
      [store.id, stranger.id],
      [stranger.id, store.id],
    ] as const)
      await expect(merge(id, intoId)).rejects.toMatchObject({ code: 'INVENTORY_ASSET_NOT_FOUND' });
    const applied = { policyId: newId(), policyVersion: 1, jobId: newId() };
    await world.sql('UPDATE asset SET encryption_profile = $2 WHERE id = $1', [
      store.id,
      JSON.stringify({
        source: 'protection',
        observedAt: '2026-01-01T00:00:00Z',
        uses: [],
        weaknesses: [],
        appliedPolicy: applied,
      }),
    ]);
    await expect(merge(store.id, other.id)).rejects.toMatchObject({ code: 'INVENTORY_MERGE_PROTECTED' });
    expect((await merge(other.id, store.id)).id).toBe(store.id);
  });

  it('INV-1: two merges in opposite directions leave one of the two', async () => {
    const [a, b] = [await create('db-f'), await create('db-g')];
    const ends = await Promise.allSettled([merge(a.id, b.id), merge(b.id, a.id)]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('INV-1: a withdrawn entry keeps its history and frees its identity', async () => {
    const wrong = await create('db-h');
    const withdraw = () => new WithdrawAsset(deps).execute(world.actor, { id: wrong.id, reason: 'Typing error' });
    expect(await withdraw()).toMatchObject({ state: 'withdrawn', endReason: 'Typing error', mergedInto: null });
    await expect(withdraw()).rejects.toMatchObject({ code: 'INVENTORY_ASSET_ARCHIVED' });
    expect(await world.eventsOf(wrong.id)).toEqual(['asset.created', 'asset.withdrawn']);
    expect((await create('db-h')).id).not.toBe(wrong.id);
  });
});
