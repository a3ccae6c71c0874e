// Attack case 1 within an organization: whoever was given a part of it sees and changes that part alone.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../kernel/actor.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { AssetId, JobId } from '../../kernel/ids.ts';
import { PostgresAssetRepository } from '../inventory/adapters/postgres-asset-repository.ts';
import { PostgresFindingRepository } from '../inventory/adapters/postgres-finding-repository.ts';
import { CreateAsset } from '../inventory/usecases/create-asset.ts';
import { GetAsset } from '../inventory/usecases/get-asset.ts';
import { ListAssets, type ListAssetsQuery } from '../inventory/usecases/list-assets.ts';
import { ListFindings } from '../inventory/usecases/list-findings.ts';
import { newId } from '../jobs/world.test-support.ts';
import {
  environmentRepository,
  projectRepository,
  serviceRepository,
} from '../tenancy/adapters/postgres-place-repositories.ts';
import { type AccessWorld, createAccessWorld, type RawGrant } from './access.test-support.ts';

let world: AccessWorld;
let assets: PostgresAssetRepository;
/** Assets of each environment, newest first. */
const made: Record<'production' | 'staging' | 'local', string[]> = { production: [], staging: [], local: [] };

beforeAll(async () => {
  world = await createAccessWorld();
  assets = new PostgresAssetRepository();
  const create = new CreateAsset({ ...world, assets, newId });
  const environments = { ...world.hierarchy, local: world.environmentId };
  for (let number = 0; number < 12; number += 1) {
    for (const name of ['production', 'staging', 'local'] as const) {
      const asset = await create.execute(world.actor, {
        name: `${name} ${number}`,
        type: 'data-store',
        endpoint: `postgres://${name}-${number}`,
        environmentId: environments[name],
        tags: number % 2 === 0 ? ['even'] : [],
        sensitivity: 'internal',
        exposure: 'internal',
        dataLifetimeYears: number,
      });
      made[name].unshift(asset.id);
      await world.uow.writeUnaudited({ tenantId: world.actor.tenantId, reason: 'test data' }, (tx) =>
        new PostgresFindingRepository({ newId }).observe(
          tx,
          { id: asset.id as AssetId, environmentId: environments[name] },
          {
            findings: [{ id: 'rule', severity: 'low', message: name, evidence: '', remedy: 'none' }],
            isComplete: true,
          },
        ),
      );
    }
  }
});
afterAll(() => world.close());

const actorWith = async (...grants: RawGrant[]): Promise<Actor> => (await world.subject(grants)).actor();
const inProduction = (role = 'organization-user'): RawGrant => ({
  role,
  column: 'environment_id',
  placeId: world.hierarchy.production,
});

async function listed(actor: Actor, query: Partial<ListAssetsQuery> = {}): Promise<string[]> {
  const ids: string[] = [];
  const list = new ListAssets({ ...world, assets });
  let cursor: string | undefined;
  do {
    const page = await list.execute(actor, { limit: 5, sort: 'newest', includeArchived: 'false', ...query, cursor });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

describe('ACC-6: listings of somebody who was given a part', () => {
  it('show the part, in order, page by page, without an error', async () => {
    expect(await listed(await actorWith(inProduction()))).toEqual(made.production);
    const two = await actorWith(inProduction(), { ...inProduction(), placeId: world.hierarchy.staging });
    expect(await listed(two)).toEqual([...made.production, ...made.staging].sort().reverse());
    const byRisk = await listed(two, { sort: 'risk' });
    expect(byRisk).toHaveLength(24);
    const all = await listed(world.actor, { sort: 'risk' });
    expect(byRisk).toEqual(all.filter((id) => byRisk.includes(id)));
  });

  it('with a tag, with an environment of the part and with one outside of it', async () => {
    const actor = await actorWith(inProduction());
    expect(await listed(actor, { tag: 'even' })).toHaveLength(6);
    expect(await listed(actor, { environmentId: world.hierarchy.production })).toEqual(made.production);
    expect(await listed(actor, { environmentId: world.hierarchy.staging })).toEqual([]);
  });

  it('leave out what is denied', async () => {
    const actor = await actorWith({ role: 'auditor' }, { ...inProduction('auditor'), effect: 'deny' });
    expect(await listed(actor)).toEqual([...made.staging, ...made.local].sort().reverse());
  });

  it('walk in short pages without losing one', async () => {
    const short = new PostgresAssetRepository({ bounds: { hitsMax: 1, walkMax: 3 } });
    const whole = assets;
    assets = short;
    const two = await actorWith(inProduction(), { ...inProduction(), placeId: world.hierarchy.staging });
    const found = await listed(two, { tag: 'even' });
    assets = whole;
    expect(found).toEqual(await listed(two, { tag: 'even' }));
    expect(found).toHaveLength(12);
  });

  it('of findings show the part', async () => {
    const list = new ListFindings({ ...world, findings: new PostgresFindingRepository({ newId }), clock: systemClock });
    const found = [];
    let cursor: string | undefined;
    const actor = await actorWith(inProduction(), { ...inProduction(), placeId: world.hierarchy.staging });
    do {
      const page = await list.execute(actor, { limit: 5, cursor });
      found.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(found.map(({ assetId }) => assetId).sort()).toEqual([...made.production, ...made.staging].sort());
    expect(found.map(({ id }) => id)).toEqual(
      found
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
  });

  it('of levels of the hierarchy show the part', async () => {
    const { shop, payments, production } = world.hierarchy;
    const read = (actor: Actor, permission: 'environment.read' | 'project.read' | 'service.read') => {
      const page = { after: null, parentId: null, limit: 50, reach: world.reachOf(actor, permission) };
      const repository = {
        'environment.read': environmentRepository,
        'project.read': projectRepository,
        'service.read': serviceRepository,
      }[permission]();
      return world.uow.read(actor.tenantId, async (tx) => (await repository.list(tx, page)).map(({ id }) => id));
    };
    const whole = await actorWith(inProduction());
    expect(await read(whole, 'environment.read')).toEqual([production]);
    expect(await read(whole, 'project.read')).toEqual([shop]);
    expect(await read(whole, 'service.read')).toEqual([payments]);
    const below = await actorWith({ role: 'auditor', column: 'project_id', placeId: shop });
    expect(await read(below, 'environment.read')).toEqual([]);
    expect(await read(below, 'project.read')).toEqual([shop]);
    expect(await read(below, 'service.read')).toEqual([payments]);
  });
});

describe('ACC-6: single things of somebody who was given a part', () => {
  it('are read within it; outside, what exists and what does not answer alike', async () => {
    const actor = await actorWith(inProduction());
    const get = new GetAsset({ ...world, assets });
    expect(await get.execute(actor, made.production[0] ?? '')).toMatchObject({ id: made.production[0] });
    const answers = [];
    for (const id of [made.staging[0] ?? '', newId<AssetId>()]) {
      answers.push(
        await get
          .execute(actor, id)
          .catch((error: Error) => ({ code: Reflect.get(error, 'code'), message: error.message })),
      );
    }
    expect(answers[0]).toMatchObject({ code: 'ACCESS_DENIED' });
    expect(answers[1]).toEqual(answers[0]);
  });

  it('are made within it, and nowhere else', async () => {
    const actor = await actorWith(inProduction());
    const create = new CreateAsset({ ...world, assets, newId });
    const draft = (environmentId?: string) => ({
      name: 'new',
      type: 'data-store' as const,
      endpoint: `postgres://${newId<AssetId>()}`,
      environmentId,
      tags: [],
      sensitivity: 'internal' as const,
      exposure: 'internal' as const,
      dataLifetimeYears: 1,
    });
    await create.execute(actor, draft(world.hierarchy.production));
    for (const environmentId of [world.hierarchy.staging, undefined, newId<string>()])
      await expect(create.execute(actor, draft(environmentId))).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('a job stands where its asset or its scan does', async () => {
    const jobId = newId<JobId>();
    const input = JSON.stringify({ targets: [], environmentId: world.hierarchy.production });
    await world.sql("INSERT INTO job (id, tenant_id, kind, input, requested_by) VALUES ($1, $2, 'scan-tls', $3, $4)", [
      jobId,
      world.actor.tenantId,
      input,
      world.actor.id,
    ]);
    expect(await world.places.placeOf(world.actor.tenantId, { type: 'job', id: jobId })).toMatchObject({
      environmentId: world.hierarchy.production,
    });
    const other = await world.newTenant();
    expect(await world.places.placeOf(other.actor.tenantId, { type: 'job', id: jobId })).toBeNull();
  });
});
