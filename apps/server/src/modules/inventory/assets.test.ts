import { createServer, type Server, type TLSSocket } from 'node:tls';
import { assetSchema } from '@quantumvault/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../../../providers/src/discovery/tls/testing/make-certificate.ts';
import { noAccess } from '../../kernel/access.ts';
import { openGate } from '../../kernel/approvals.test-support.ts';
import type { ApprovalGate } from '../../kernel/approvals.ts';
import { systemClock } from '../../kernel/clock.ts';
import { GetJob } from '../jobs/usecases/get-job.ts';
import { createWorld, eventually, newId, userActor, type World } from '../jobs/world.test-support.ts';
import { PostgresAssetRepository } from './adapters/postgres-asset-repository.ts';
import { PostgresFindingRepository } from './adapters/postgres-finding-repository.ts';
import { PostgresScanRepository } from './adapters/postgres-scan-repository.ts';
import { createIsInternalScan, type IsInternalScan } from './internal-scan.ts';
import { createTlsScanner } from './inventory.module.ts';
import { createKeepScanOutcomes } from './keep-scan-outcomes.ts';
import { createRecordTlsScans } from './record-tls-scans.ts';
import { ScanTlsJob } from './scan-tls-job.ts';
import { ArchiveAsset } from './usecases/archive-asset.ts';
import { ClassifyAsset } from './usecases/classify-asset.ts';
import { CreateAsset, type CreateAssetInput } from './usecases/create-asset.ts';
import { DiscoverTls } from './usecases/discover-tls.ts';
import { GetAsset } from './usecases/get-asset.ts';
import { ImportTls } from './usecases/import-tls.ts';
import { ListAssets } from './usecases/list-assets.ts';

const assets = new PostgresAssetRepository();
const findings = new PostgresFindingRepository({ newId });
const scans = new PostgresScanRepository();
const record = createRecordTlsScans({ assets, findings, newId });
const classification = { sensitivity: 'confidential', exposure: 'internet', dataLifetimeYears: 10 } as const;
let world: World;
let deps: World & {
  approvals: ApprovalGate;
  isInternalScan: IsInternalScan;
  assets: PostgresAssetRepository;
  record: typeof record;
  clock: typeof systemClock;
  newId: typeof newId;
};
beforeAll(async () => {
  world = await createWorld();
  deps = {
    ...world,
    approvals: openGate,
    isInternalScan: createIsInternalScan([]),
    assets,
    record,
    clock: systemClock,
    newId,
  };
});
afterAll(() => world.close());

let count = 0;
const input = (overrides: Partial<CreateAssetInput> = {}): CreateAssetInput => ({
  name: 'Orders',
  type: 'data-store',
  endpoint: `postgres/orders-${++count}`,
  tags: [],
  ...classification,
  ...overrides,
});
const create = (overrides: Partial<CreateAssetInput> = {}, actor = world.actor) =>
  new CreateAsset(deps).execute(actor, input(overrides));
const get = (id: string, actor = world.actor) => new GetAsset(deps).execute(actor, id);

describe('INV-1: assets', () => {
  it('INV-1: a new asset is in the first environment, fits the contract and explains its risk', async () => {
    const asset = await create({ owner: 'Sales', tags: ['eu'] });
    expect(assetSchema.parse(asset)).toEqual(asset);
    expect(asset).toMatchObject({
      environmentId: world.environmentId,
      version: 1,
      encryptionProfile: null,
      evidence: null,
    });
    expect(asset.risk.score).toBeGreaterThan(0);
    expect(asset.risk.explanation.every((line) => line.because !== '')).toBe(true);
    expect(await get(asset.id)).toEqual(asset);
    expect(await world.eventsOf(asset.id)).toEqual(['asset.created']);
  });

  it('INV-1: the same identity twice is INVENTORY_ASSET_EXISTS, in whatever spelling; archived it is free again', async () => {
    const first = await create({ type: 'tls-endpoint', endpoint: 'Example.ORG' });
    expect(first.endpoint).toBe('example.org:443');
    await expect(create({ type: 'tls-endpoint', endpoint: 'example.org:443' })).rejects.toMatchObject({
      code: 'INVENTORY_ASSET_EXISTS',
    });
    await new ArchiveAsset(deps).execute(world.actor, first.id);
    expect((await create({ type: 'tls-endpoint', endpoint: 'example.org:443' })).id).not.toBe(first.id);
    expect((await get(first.id)).archivedAt).not.toBeNull();
    await expect(new ArchiveAsset(deps).execute(world.actor, first.id)).rejects.toMatchObject({
      code: 'INVENTORY_ASSET_NOT_FOUND',
    });
  });

  it('INV-1: an endpoint that is none and an environment of somebody else are refused', async () => {
    await expect(create({ type: 'tls-endpoint', endpoint: 'https://x' })).rejects.toMatchObject({
      code: 'INVENTORY_ENDPOINT_INVALID',
    });
    const other = await world.newTenant();
    await expect(create({ environmentId: other.environmentId })).rejects.toMatchObject({
      code: 'INVENTORY_ENVIRONMENT_UNKNOWN',
    });
  });

  it('INV-2: classifying computes the risk anew, raises the version and needs the expected one', async () => {
    const asset = await create();
    const classify = (expectedVersion: number) =>
      new ClassifyAsset(deps).execute(world.actor, {
        id: asset.id,
        expectedVersion,
        change: { sensitivity: 'top-secret', owner: null, tags: ['a', 'b'] },
      });
    const changed = await classify(1);
    expect(changed).toMatchObject({ version: 2, sensitivity: 'top-secret', tags: ['a', 'b'], owner: null });
    expect(changed.risk.score).toBeGreaterThan(asset.risk.score);
    await expect(classify(1)).rejects.toMatchObject({ code: 'REQUEST_ETAG_MISMATCH' });
    await new ArchiveAsset(deps).execute(world.actor, asset.id);
    await expect(classify(3)).rejects.toMatchObject({ code: 'INVENTORY_ASSET_ARCHIVED' });
  });

  it('ACC-1: an asset of another organization is not found by any use case', async () => {
    const other = await world.newTenant();
    const { id } = await create({}, other.actor);
    const notFound = { code: 'INVENTORY_ASSET_NOT_FOUND' };
    await expect(get(id)).rejects.toMatchObject(notFound);
    await expect(new ArchiveAsset(deps).execute(world.actor, id)).rejects.toMatchObject(notFound);
    await expect(
      new ClassifyAsset(deps).execute(world.actor, { id, expectedVersion: 1, change: { tags: [] } }),
    ).rejects.toMatchObject(notFound);
    const all = await new ListAssets(deps).execute(world.actor, {
      limit: 200,
      sort: 'newest',
      includeArchived: 'true',
    });
    expect(all.items.map((asset) => asset.id)).not.toContain(id);
  });

  it('ACC-1: without the permission nothing happens but the recorded refusal', async () => {
    const nobody = userActor(world.actor.tenantId, { access: noAccess });
    await expect(create({}, nobody)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    const rows = await world.sql<{ action: string }>('SELECT action FROM audit_event WHERE actor_id = $1', [nobody.id]);
    expect(rows).toEqual([{ action: 'access.refused' }]);
  });

  it('IFC-1: an Idempotency-Key makes one asset of two requests, and refuses a different one', async () => {
    const keyed = (byte: number) => ({
      ...world.actor,
      request: { ...world.actor.request, idempotency: { key: 'asset-1', requestHash: new Uint8Array(32).fill(byte) } },
    });
    const body = input();
    const [one, two] = await Promise.all([
      new CreateAsset(deps).execute(keyed(1), body),
      new CreateAsset(deps).execute(keyed(1), body),
    ]);
    expect(two).toEqual(one);
    await expect(new CreateAsset(deps).execute(keyed(2), body)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });

  it('INV-12: pages by risk are complete, ordered and without repetition, ties included', async () => {
    const { actor } = await world.newTenant();
    const sensitivities = ['public', 'top-secret', 'internal', 'public', 'public', 'restricted', 'public'] as const;
    for (const sensitivity of sensitivities) await create({ sensitivity }, actor);
    const seen: { score: number; id: string }[] = [];
    let cursor: string | undefined;
    do {
      const page = await new ListAssets(deps).execute(actor, {
        limit: 2,
        cursor,
        sort: 'risk',
        includeArchived: 'false',
      });
      seen.push(...page.items.map((asset) => ({ score: asset.risk.score, id: asset.id })));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(sensitivities.length);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(sensitivities.length);
    const sorted = seen.toSorted((a, b) => b.score - a.score || (a.id < b.id ? 1 : -1));
    expect(seen).toEqual(sorted);
    const byType = await new ListAssets(deps).execute(actor, {
      limit: 10,
      sort: 'newest',
      type: 'library',
      includeArchived: 'false',
    });
    expect(byType.items).toEqual([]);
  });

  it('IFC-1: a cursor of the other order is refused', async () => {
    const { actor } = await world.newTenant();
    await create({}, actor);
    await create({}, actor);
    const page = await new ListAssets(deps).execute(actor, { limit: 1, sort: 'newest', includeArchived: 'false' });
    await expect(
      new ListAssets(deps).execute(actor, {
        limit: 1,
        sort: 'risk',
        includeArchived: 'false',
        cursor: page.nextCursor ?? expect.fail(),
      }),
    ).rejects.toMatchObject({ code: 'REQUEST_CURSOR_INVALID' });
  });
});

describe('INV-5, INV-7: scans from this server', () => {
  let server: Server;
  let target: string;
  beforeAll(async () => {
    const certificate = makeCertificate({ keyType: 'ec-p256', commonName: 'localhost' });
    server = createServer(
      { key: certificate.keyPem, cert: certificate.certPem, ecdhCurve: 'X25519:P-256' },
      (socket: TLSSocket) => socket.end(),
    );
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    target = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const scan = async (targets: string[], scanAllow: string[], actor = world.actor) => {
    const handler = new ScanTlsJob({
      scanner: createTlsScanner({ scanAllow, clock: systemClock }),
      scans,
      keep: createKeepScanOutcomes({ assets, scans, record }),
      approvals: openGate,
      clock: systemClock,
    });
    const worker = world.worker([handler]);
    const accepted = await new DiscoverTls(deps).execute(actor, { targets, ...classification });
    worker.start();
    await eventually(async () => (await new GetJob(world).execute(actor, accepted.id)).finishedAt !== null, 40_000);
    await worker.stop({ timeoutMs: 5000 });
    return new GetJob(world).execute(actor, accepted.id);
  };

  it('INV-5: what answers becomes an asset with evidence, profile and risk; a closed port is named and does not', async () => {
    const job = await scan([target, '127.0.0.1:1'], ['127.0.0.0/8']);
    expect(job).toMatchObject({
      status: 'succeeded',
      result: {
        targets: 2,
        assets: [{ target, isNew: true }],
        unreachable: [{ target: '127.0.0.1:1', error: 'refused' }],
      },
    });
    const { items } = await new ListAssets(deps).execute(world.actor, {
      limit: 1,
      sort: 'newest',
      type: 'tls-endpoint',
      includeArchived: 'false',
    });
    const [asset] = items;
    expect(assetSchema.parse(asset)).toEqual(asset);
    expect(asset).toMatchObject({
      endpoint: target,
      evidence: { source: 'server-scan', scan: { versions: ['TLSv1.2', 'TLSv1.3'] } },
      encryptionProfile: { source: 'scan', uses: [{ role: 'key-establishment', algorithm: 'x25519' }, {}, {}] },
      risk: { harvestNowDecryptLater: { isExposed: true } },
    });
    expect(await world.eventsOf(asset?.id ?? '')).toEqual(['asset.discovered']);
  });

  it('INV-5: the second scan finds the same asset again and keeps what people said of it', async () => {
    const known = await assetOf(target);
    await new ClassifyAsset(deps).execute(world.actor, {
      id: known.id,
      expectedVersion: known.version,
      change: { sensitivity: 'top-secret' },
    });
    const job = await scan([target], ['127.0.0.0/8']);
    expect(job.result).toMatchObject({ assets: [{ assetId: known.id, isNew: false }] });
    expect(await get(known.id)).toMatchObject({ sensitivity: 'top-secret', version: known.version + 2 });
    expect(await world.eventsOf(known.id)).toEqual(['asset.discovered', 'asset.classified', 'asset.observed']);
  });

  it('INV-7: an address that is not allowed is refused, and a metadata address whatever is allowed', async () => {
    const job = await scan([target], []);
    expect(job).toMatchObject({ status: 'succeeded', result: { unreachable: [{ target, error: 'address-refused' }] } });
    const metadata = await scan(['169.254.169.254:443', 'metadata.google.internal:443'], ['0.0.0.0/0', '::/0']);
    expect(metadata.result).toMatchObject({
      assets: [],
      unreachable: [{ error: 'address-refused' }, { error: 'address-refused' }],
    });
  });

  it('INV-5: imported results are stored with the evidence that they are the word of the caller', async () => {
    const { actor } = await world.newTenant();
    const scanned = (await assetOf(target)).evidence?.scan ?? expect.fail();
    const importTls = (results: object[]) =>
      new ImportTls(deps).execute(actor, { results: results as never, ...classification });
    const unreachable = { ...scanned, versions: [], error: 'timeout' };
    const { items } = await importTls([scanned, { ...scanned, host: 'Example.org' }, { ...unreachable, port: 1 }]);
    expect(items.map((asset) => asset.endpoint).sort()).toEqual([target, `example.org:${scanned.port}`].sort());
    expect(items[0]?.evidence?.source).toBe('cli-scan');
    const again = await importTls([scanned]);
    expect(again.items[0]).toMatchObject({ version: 2 });
    await expect(importTls([unreachable])).rejects.toMatchObject({ code: 'INVENTORY_NOTHING_OBSERVED' });
  });

  it('INV-7: a target that is none is refused when it is asked for', async () => {
    await expect(
      new DiscoverTls(deps).execute(world.actor, { targets: ['-x:443'], ...classification }),
    ).rejects.toMatchObject({
      code: 'INVENTORY_ENDPOINT_INVALID',
    });
  });

  const assetOf = async (endpoint: string) => {
    const { items } = await new ListAssets(deps).execute(world.actor, {
      limit: 200,
      sort: 'newest',
      type: 'tls-endpoint',
      includeArchived: 'false',
    });
    return items.find((asset) => asset.endpoint === endpoint) ?? expect.fail(`no asset ${endpoint}`);
  };
});
