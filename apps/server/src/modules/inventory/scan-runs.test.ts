import { assetScanSchema, scanSchema, scanSummarySchema, scanTargetSchema } from '@quantumvault/api';
import { formatScanTarget, type TlsScanResult } from '@quantumvault/inventory';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openGate } from '../../kernel/approvals.test-support.ts';
import type { ApprovalGate } from '../../kernel/approvals.ts';
import { systemClock } from '../../kernel/clock.ts';
import { CancelJob } from '../jobs/usecases/cancel-job.ts';
import { GetJob } from '../jobs/usecases/get-job.ts';
import { createWorld, eventually, newId, type World } from '../jobs/world.test-support.ts';
import { PostgresAssetRepository } from './adapters/postgres-asset-repository.ts';
import { PostgresFindingRepository } from './adapters/postgres-finding-repository.ts';
import { PostgresScanRepository } from './adapters/postgres-scan-repository.ts';
import { createIsInternalScan, type IsInternalScan } from './internal-scan.ts';
import { createKeepScanOutcomes } from './keep-scan-outcomes.ts';
import type { TlsScanner } from './ports/tls-scanner.ts';
import { createRecordTlsScans } from './record-tls-scans.ts';
import { ScanTlsJob } from './scan-tls-job.ts';
import { DiscoverTls } from './usecases/discover-tls.ts';
import { GetAsset } from './usecases/get-asset.ts';
import { GetScan } from './usecases/get-scan.ts';
import { ListAssetScans } from './usecases/list-asset-scans.ts';
import { ListScanTargets } from './usecases/list-scan-targets.ts';
import { ResumeScan } from './usecases/resume-scan.ts';
import { ListScans } from './usecases/scans/list-scans.ts';

// INV-5 with a scanner whose answers the test decides; the real one is in assets.test.ts.

const classification = { sensitivity: 'confidential', exposure: 'internet', dataLifetimeYears: 10 } as const;
let world: World;
let deps: World & { approvals: ApprovalGate; isInternalScan: IsInternalScan } & {
  assets: PostgresAssetRepository;
  scans: PostgresScanRepository;
};
beforeAll(async () => {
  world = await createWorld();
  const isInternalScan = createIsInternalScan([]);
  deps = {
    ...world,
    approvals: openGate,
    isInternalScan,
    assets: new PostgresAssetRepository(),
    scans: new PostgresScanRepository(),
  };
});
afterAll(() => world.close());

type Answer = Partial<TlsScanResult> | 'refused' | 'closed';
const resultOf = (
  target: Parameters<typeof formatScanTarget>[0],
  answer: Exclude<Answer, 'refused'>,
): TlsScanResult => ({
  host: target.host,
  port: target.port,
  reachable: answer !== 'closed',
  protocol: target.starttls ?? 'tls',
  profile: 'full',
  versions: answer === 'closed' ? [] : ['TLSv1.3'],
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
  findings: [],
  error: answer === 'closed' ? 'refused' : null,
  provenGroup: null,
  unresolved: [],
  ...(answer === 'closed' ? {} : answer),
});

/** Asks one target after the other, and tells what it was asked. */
function scannerOf(answers: Readonly<Record<string, Answer>>, beforeEach?: (asked: number) => Promise<void> | void) {
  const asked: string[] = [];
  const scanner: TlsScanner = {
    scan: async (targets, { signal, onOutcome }) => {
      for await (const target of targets) {
        await beforeEach?.(asked.length);
        if (signal.aborted) return onOutcome({ kind: 'cancelled', target });
        const name = formatScanTarget(target);
        asked.push(name);
        const answer = answers[name] ?? {};
        if (answer === 'refused') onOutcome({ kind: 'refused', target });
        else onOutcome({ kind: 'scanned', target, result: resultOf(target, answer) });
      }
    },
  };
  return { asked, scanner };
}

const workers: ReturnType<World['worker']>[] = [];
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop({ timeoutMs: 5000 });
});
const work = (scanner: TlsScanner, keepAfterMs = 60_000) => {
  const { assets, scans } = deps;
  const record = createRecordTlsScans({ assets, findings: new PostgresFindingRepository({ newId }), newId });
  const keep = createKeepScanOutcomes({ assets, scans, record });
  const worker = world.worker([
    new ScanTlsJob({ scanner, scans, keep, approvals: openGate, clock: systemClock, keepAfterMs }),
  ]);
  workers.push(worker);
  worker.start();
  return worker;
};
const order = (targets: readonly string[], more: object = {}, actor = world.actor) =>
  new DiscoverTls(deps).execute(actor, { targets, ...classification, ...more });
const jobOf = (id: string) => new GetJob(world).execute(world.actor, id);
const ended = (id: string) => eventually(async () => (await jobOf(id)).finishedAt !== null, 30_000);
const scanOf = (id: string, actor = world.actor) => new GetScan(deps).execute(actor, id);
const targetsOf = async (id: string, query: object = {}) =>
  (await new ListScanTargets(deps).execute(world.actor, { id, limit: 200, ...query })).items;
const scan = async (targets: readonly string[], answers: Readonly<Record<string, Answer>>, more: object = {}) => {
  const { asked, scanner } = scannerOf(answers);
  const worker = work(scanner);
  const { id } = await order(targets, more);
  await ended(id);
  await worker.stop({ timeoutMs: 5000 });
  return { id, asked, job: await jobOf(id) };
};
const hosts = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${prefix}${n}.example.org:443`);

describe('INV-5: runs of a scan', () => {
  it('INV-5: the second run says what is new, changed, gone and the same, and the assets follow', async () => {
    const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}.runs.example.org:443`);
    const targets = [a, b, c, d, e].map(String);
    const [, , sameOne] = targets;
    const first = await scan(targets, { [String(d)]: 'closed', [String(e)]: 'refused' }, { name: 'edge' });
    expect(scanSchema.parse(await scanOf(first.id))).toMatchObject({
      name: 'edge',
      previousId: null,
      targets: 5,
      status: { pending: 0, answered: 3, unreachable: 1, refused: 1 },
      change: { new: 3, changed: 0, same: 0, gone: 0, absent: 1 },
    });
    expect(await world.eventsOf(first.id)).toEqual(
      expect.arrayContaining(['job.created', 'scan.started', 'scan.recorded', 'job.completed']),
    );
    const changes = { groups: ['X25519MLKEM768', 'x25519'], suites: ['TLS_AES_128_GCM_SHA256'] };
    const second = await scan(
      [...targets].reverse(),
      { [String(a)]: 'closed', [String(b)]: changes, [String(e)]: 'refused' },
      { name: 'edge' },
    );
    expect(await scanOf(second.id)).toMatchObject({
      previousId: first.id,
      change: { new: 1, changed: 1, same: 1, gone: 1, absent: 0 },
    });
    const changed = await targetsOf(second.id, { change: 'changed' });
    expect(changed.map((one) => scanTargetSchema.parse(one))).toEqual(changed);
    expect(changed).toMatchObject([{ target: b, changed: ['suites', 'groups'] }]);
    expect(await targetsOf(second.id, { change: 'same' })).toMatchObject([{ target: sameOne }]);
    const [gone] = await targetsOf(second.id, { change: 'gone' });
    expect(gone).toMatchObject({ target: a, status: 'unreachable', error: 'refused' });
    const assetId = gone?.assetId ?? expect.fail('no asset');
    expect((await new GetAsset(deps).execute(world.actor, assetId)).goneSince).not.toBeNull();

    const third = await scan(targets, { [String(d)]: 'closed' }, { name: 'edge' });
    expect(await targetsOf(third.id, { change: 'new' })).toMatchObject([{ target: a, assetId }, { target: e }]);
    expect((await new GetAsset(deps).execute(world.actor, assetId)).goneSince).toBeNull();

    // The asset itself tells the same, time by time.
    const times = new ListAssetScans(deps);
    const page = await times.execute(world.actor, { assetId, limit: 2 });
    expect(page.items.map((time) => assetScanSchema.parse(time))).toMatchObject([
      { scanId: third.id, change: 'new', status: 'answered', facts: { groups: expect.any(Array) } },
      { scanId: second.id, change: 'gone', status: 'unreachable', facts: null },
    ]);
    const rest = await times.execute(world.actor, { assetId, limit: 2, cursor: page.nextCursor ?? '' });
    expect(rest).toMatchObject({ items: [{ scanId: first.id, change: 'new' }], nextCursor: null });
    const stranger = await world.newTenant();
    await expect(times.execute(stranger.actor, { assetId, limit: 2 })).rejects.toMatchObject({
      code: 'INVENTORY_ASSET_NOT_FOUND',
    });
  });

  it('INV-5: without a name, runs over the same targets are compared; others are compared with the assets', async () => {
    const targets = hosts('scope', 3);
    const first = await scan(targets, {});
    const again = await scan([...targets].reverse(), {});
    expect(await scanOf(again.id)).toMatchObject({ name: null, previousId: first.id, change: { same: 3 } });
    const quick = await scan(targets, {}, { profile: 'quick' });
    expect(await scanOf(quick.id)).toMatchObject({ profile: 'quick', previousId: null });
    const one = String(targets[0]);
    const part = await scan([one, 'never.example.org:443'], { [one]: 'closed', 'never.example.org:443': 'closed' });
    expect(await scanOf(part.id)).toMatchObject({ previousId: null, change: { gone: 1, absent: 1 } });
  });

  it('INV-5: targets page in the order of the request, and a cursor that somebody made up is refused', async () => {
    const targets = hosts('page', 5);
    const { id } = await scan(targets, {});
    const list = (cursor?: string) => new ListScanTargets(deps).execute(world.actor, { id, limit: 2, cursor });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list(cursor);
      seen.push(...page.items.map(({ target }) => target));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(targets);
    for (const place of ['[1e99]', '[-1]', '[0.5]', '["x"]'])
      await expect(list(Buffer.from(place).toString('base64url'))).rejects.toMatchObject({
        code: 'REQUEST_CURSOR_INVALID',
      });
  });
});

describe('INV-5: the list of scans', () => {
  const list = (query: object = {}, actor = world.actor) =>
    new ListScans({ ...deps, reachOf: () => null }).execute(actor, { limit: 50, ...query });

  it('INV-5: newest first over pages, by name, each with what became of it', async () => {
    const own = await world.newTenant();
    const ordered: string[] = [];
    const worker = work(scannerOf({ 'list1.example.org:443': 'closed' }).scanner);
    for (const [name, targets] of [
      ['nightly', hosts('list', 2)],
      [undefined, hosts('list', 1)],
      ['nightly', hosts('list', 2)],
    ] as const) {
      const { id } = await order(targets, name === undefined ? {} : { name }, own.actor);
      ordered.unshift(id);
      await eventually(async () => (await new GetJob(world).execute(own.actor, id)).finishedAt !== null, 30_000);
    }
    await worker.stop({ timeoutMs: 5000 });
    const first = await list({ limit: 2 }, own.actor);
    expect(first.items.map(({ id }) => id)).toEqual(ordered.slice(0, 2));
    expect(first.items.map((one) => scanSummarySchema.parse(one))).toEqual(first.items);
    expect(first.items[0]).toMatchObject({
      name: 'nightly',
      firstTarget: 'list0.example.org:443',
      jobStatus: 'succeeded',
      targets: 2,
      status: { pending: 0, answered: 1, unreachable: 1, refused: 0 },
    });
    const rest = await list({ limit: 2, cursor: first.nextCursor }, own.actor);
    expect(rest).toMatchObject({ items: [{ id: ordered[2] }], nextCursor: null });
    expect((await list({ name: 'nightly' }, own.actor)).items).toHaveLength(2);
    const here = first.items[0]?.environmentId;
    expect((await list({ environmentId: here }, own.actor)).items).toHaveLength(3);
    expect((await list({ environmentId: ordered[0] }, own.actor)).items).toEqual([]);
  });

  it('ACC-6: whoever reaches one environment sees the scans of that one', async () => {
    const { id } = await scan(hosts('reach', 1), {});
    const { environmentId } = await scanOf(id);
    const within = (environment: string) =>
      new ListScans({ ...deps, reachOf: () => ({ everywhere: false, allowed: [environment], denied: [] }) }).execute(
        world.actor,
        { limit: 200 },
      );
    expect((await within(environmentId)).items.map((one) => one.id)).toContain(id);
    expect((await within(newId())).items).toEqual([]);
  });
});

describe('INV-5, attack 28: a scan that is interrupted', () => {
  it('INV-5: an attempt that fails in the middle leaves what it kept, and the next asks only what is left', async () => {
    const targets = hosts('broken', 100);
    const gate = Promise.withResolvers<void>();
    let isBroken = true;
    const { asked, scanner } = scannerOf({}, async (count) => {
      if (count !== 70 || !isBroken) return;
      await gate.promise;
      isBroken = false;
      throw new Error('the machine went away');
    });
    work(scanner);
    const { id } = await order(targets);
    await eventually(async () => (await scanOf(id).catch(() => null))?.status.answered === 64, 20_000);
    gate.resolve();
    await ended(id);
    expect(await jobOf(id)).toMatchObject({ status: 'succeeded', attempts: 2, result: { scanId: id, targets: 100 } });
    expect(await scanOf(id)).toMatchObject({ status: { pending: 0, answered: 100 }, change: { new: 100 } });
    // 70 in the first attempt, of which 64 were kept.
    expect(asked).toHaveLength(70 + 36);
    expect(await world.eventsOf(id)).toEqual(expect.arrayContaining(['scan.started', 'scan.resumed']));
    const rows = await world.sql<{ count: string }>(
      "SELECT count(*) FROM asset WHERE endpoint LIKE 'broken%' GROUP BY endpoint HAVING count(*) > 1",
    );
    expect(rows).toEqual([]);
  }, 60_000);

  it('INV-5: a cancelled scan keeps what it has and is resumed by a new job, once', async () => {
    const targets = hosts('cancelled', 80);
    const gate = Promise.withResolvers<void>();
    const { asked, scanner } = scannerOf({}, (count) => (count === 50 ? gate.promise : undefined));
    const worker = work(scanner);
    const { id } = await order(targets);
    const resume = () => new ResumeScan(deps).execute(world.actor, id);
    await eventually(async () => (await scanOf(id).catch(() => null))?.status.answered === 32, 20_000);
    await expect(resume()).rejects.toMatchObject({ code: 'INVENTORY_SCAN_RUNNING' });
    await new CancelJob(world).execute(world.actor, id);
    await eventually(async () => (await jobOf(id)).cancelRequested);
    gate.resolve();
    await ended(id);
    await worker.stop({ timeoutMs: 5000 });
    expect((await jobOf(id)).status).toBe('cancelled');
    const kept = (await scanOf(id)).status.answered;
    expect(kept).toBeGreaterThanOrEqual(32);
    const before = asked.length;

    const both = await Promise.allSettled([resume(), resume()]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [second] = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []));
    work(scanner);
    await ended(second ?? expect.fail());
    expect(asked.length - before).toBe(80 - kept);
    expect(await scanOf(id)).toMatchObject({ jobId: second, status: { pending: 0, answered: 80 } });
    expect((await jobOf(second ?? '')).result).toMatchObject({ scanId: id });
    await expect(resume()).rejects.toMatchObject({ code: 'INVENTORY_SCAN_FINISHED' });
  }, 60_000);

  it('IFC-5: what has ended is there to be read while the scan goes on with a target that does not answer', async () => {
    const targets = hosts('live', 3);
    const gate = Promise.withResolvers<void>();
    const { scanner } = scannerOf({}, (count) => (count === 2 ? gate.promise : undefined));
    work(scanner, 20);
    const { id } = await order(targets);
    await eventually(async () => (await scanOf(id).catch(() => null))?.status.answered === 2, 20_000);
    expect((await targetsOf(id)).map(({ status }) => status)).toEqual(['answered', 'answered', 'pending']);
    await eventually(async () => (await jobOf(id)).progress === 66, 20_000);
    gate.resolve();
    await ended(id);
    expect(await scanOf(id)).toMatchObject({ status: { pending: 0, answered: 3 } });
  });

  it('INV-5: a part that cannot be kept fails the attempt at once, and the next one asks what is left', async () => {
    const targets = hosts('unkept', 3);
    const { asked, scanner } = scannerOf({}, (count) =>
      count === 1 ? new Promise((settle) => setTimeout(settle, 300)) : undefined,
    );
    let isBroken = true;
    const { assets, scans } = deps;
    const record = createRecordTlsScans({ assets, findings: new PostgresFindingRepository({ newId }), newId });
    const keepAll = createKeepScanOutcomes({ assets, scans, record });
    const keep: typeof keepAll = async (...part) => {
      await keepAll(...part);
      if (!isBroken) return;
      isBroken = false;
      throw new Error('the disk is full');
    };
    const worker = world.worker([
      new ScanTlsJob({ scanner, scans, keep, approvals: openGate, clock: systemClock, keepAfterMs: 20 }),
    ]);
    workers.push(worker);
    worker.start();
    const { id } = await order(targets);
    await ended(id);
    expect(await jobOf(id)).toMatchObject({ status: 'succeeded', attempts: 2 });
    expect(await scanOf(id)).toMatchObject({ status: { pending: 0, answered: 3 } });
    expect(asked.slice(-3)).toEqual(targets);
  }, 60_000);

  it('ACC-1: a scan of another organization is not there', async () => {
    const other = await world.newTenant();
    const { id } = await scan(hosts('secret', 1), {});
    const notFound = { code: 'INVENTORY_SCAN_NOT_FOUND' };
    await expect(scanOf(id, other.actor)).rejects.toMatchObject(notFound);
    await expect(new ListScanTargets(deps).execute(other.actor, { id, limit: 1 })).rejects.toMatchObject(notFound);
    await expect(new ResumeScan(deps).execute(other.actor, id)).rejects.toMatchObject(notFound);
  });
});
