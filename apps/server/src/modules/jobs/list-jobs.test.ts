import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccessWorld, createAccessWorld } from '../access/access.test-support.ts';
import { ListJobs } from './usecases/list-jobs.ts';

describe('ACC-6: the listing of jobs', () => {
  let world: AccessWorld;
  beforeAll(async () => {
    world = await createAccessWorld();
  });
  afterAll(() => world.close());

  it('leaves out the jobs of a place where the reader is denied, as each of them is refused', async () => {
    const { production, staging } = world.hierarchy;
    const scanOf = (environmentId: string) =>
      world.uow.write(world.actor, (tx) =>
        world.enqueue(tx, world.actor, {
          kind: 'scan-tls',
          input: { environmentId, targets: ['secret.example.org:443'] },
        }),
      );
    const [hidden, shown] = [await scanOf(production), await scanOf(staging)];
    const role = { role: 'organization-admin' };
    const denial = { ...role, effect: 'deny' as const, column: 'environment_id' as const, placeId: production };
    const reader = await (await world.subject([role, denial])).actor();
    const list = new ListJobs(world);
    for (const query of [{}, { kind: 'scan-tls' as const }, { status: 'pending' as const }]) {
      const { items } = await list.execute(reader, { ...query, limit: 200 });
      expect(items.map(({ id }) => id)).toEqual([shown.id]);
    }
    const all = await list.execute(world.actor, { limit: 200 });
    expect(all.items.map(({ id }) => id).toSorted()).toEqual([hidden.id, shown.id].toSorted());
  });
});
