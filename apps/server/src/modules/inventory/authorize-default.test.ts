import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccessWorld, createAccessWorld } from '../access/access.test-support.ts';
import { newId } from '../jobs/world.test-support.ts';
import { PostgresAssetRepository } from './adapters/postgres-asset-repository.ts';
import { CreateAsset } from './usecases/create-asset.ts';

describe('ACC-6: what names no environment', () => {
  let world: AccessWorld;
  const assets = new PostgresAssetRepository();
  beforeAll(async () => {
    world = await createAccessWorld();
  });
  afterAll(() => world.close());

  const assetOf = (endpoint: string) => ({
    ...{ name: endpoint, type: 'data-store' as const, endpoint, tags: [] },
    ...{ sensitivity: 'internal' as const, exposure: 'internal' as const, dataLifetimeYears: 1 },
  });

  it('stands in the default environment, and is refused by a denial there as if it was named', async () => {
    const create = new CreateAsset({ ...world, assets, newId });
    const { environmentId } = await create.execute(world.actor, assetOf('postgres://first'));
    const { production, staging } = world.hierarchy;
    const other = environmentId === production ? staging : production;
    const all = { role: 'organization-admin' };
    const denied = (placeId: string) => ({
      ...all,
      effect: 'deny' as const,
      column: 'environment_id' as const,
      placeId,
    });
    const kept = await (await world.subject([all, denied(environmentId)])).actor();
    const named = { ...assetOf('postgres://named'), environmentId };
    for (const asset of [named, assetOf('postgres://second')])
      await expect(create.execute(kept, asset)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    const elsewhere = await (await world.subject([all, denied(other)])).actor();
    expect(await create.execute(elsewhere, assetOf('postgres://third'))).toMatchObject({ environmentId });
  });

  it('is made in the environment that was judged, or nowhere, when the default one goes in between', async () => {
    const [first, second] = ['00000000-0000-7000-8000-000000000001', '00000000-0000-7000-8000-000000000002'];
    await world.sql(
      "INSERT INTO environment (id, tenant_id, name, type) VALUES ($1, $3, 'first', 'staging'), ($2, $3, 'second', 'staging')",
      [first, second, world.actor.tenantId],
    );
    const going = new (class extends PostgresAssetRepository {
      override async environment(...[tx, wanted]: Parameters<PostgresAssetRepository['environment']>) {
        const id = await super.environment(tx, wanted);
        if (id === first) await world.sql('DELETE FROM environment WHERE id = $1', [first]);
        return id;
      }
    })();
    const create = new CreateAsset({ ...world, assets: going, newId });
    const all = { role: 'organization-admin' };
    const denial = { ...all, effect: 'deny' as const, column: 'environment_id' as const, placeId: second };
    const kept = await (await world.subject([all, denial])).actor();
    await expect(create.execute(kept, assetOf('postgres://fourth'))).rejects.toMatchObject({
      code: 'INVENTORY_ENVIRONMENT_UNKNOWN',
    });
    expect(await world.sql('SELECT id FROM asset WHERE environment_id = $1', [second])).toEqual([]);
  });
});
