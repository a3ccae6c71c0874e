import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../kernel/actor.ts';
import { PostgresEndingGrants } from '../access/access.module.ts';
import { type AccessWorld, createAccessWorld, type RawGrant } from '../access/access.test-support.ts';
import { createMay } from '../access/index.ts';
import { PostgresEndingApiKeys } from '../identity/api-keys/credentials.module.ts';
import { PostgresAssetRepository } from '../inventory/adapters/postgres-asset-repository.ts';
import { PostgresAssetTally, PostgresEndingCertificates } from '../inventory/inventory.module.ts';
import { ArchiveAsset } from '../inventory/usecases/archive-asset.ts';
import { CreateAsset } from '../inventory/usecases/create-asset.ts';
import { newId } from '../jobs/world.test-support.ts';
import { GetOverview } from './usecases/get-overview.ts';

const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day);

describe('IFC-5: the overview', () => {
  let world: AccessWorld;
  let get: GetOverview;
  let made = 0;
  const assets = new PostgresAssetRepository();

  const create = (actor: Actor, environmentId: string, sensitivity: 'internal' | 'top-secret' = 'internal') => {
    made += 1;
    return new CreateAsset({ ...world, assets, newId }).execute(actor, {
      ...{
        name: `store ${made}`,
        type: 'data-store',
        endpoint: `postgres://${made}`,
        environmentId,
        tags: [],
        sensitivity,
      },
      exposure: sensitivity === 'internal' ? 'internal' : 'internet',
      dataLifetimeYears: sensitivity === 'internal' ? 1 : 30,
    });
  };
  const profile = (algorithm: string) => ({
    source: 'scan' as const,
    observedAt: new Date().toISOString(),
    uses: [{ role: 'key-establishment' as const, algorithm }],
    weaknesses: [],
  });
  const observe = (id: string, algorithm: string, certificateEndsAt?: Date) =>
    world.uow.writeUnaudited({ tenantId: world.actor.tenantId, reason: 'test data' }, async (tx) => {
      const asset = (await assets.find(tx, id)) ?? expect.fail('no asset');
      const end = certificateEndsAt === undefined ? {} : { certificateEndsAt };
      await assets.change(tx, id, { risk: asset.risk, encryptionProfile: profile(algorithm), ...end });
    });
  const actorWith = async (...grants: RawGrant[]) => (await world.subject(grants)).actor();
  const inProduction = (role: string): RawGrant => ({
    ...{ role, column: 'environment_id', placeId: world.hierarchy.production },
  });

  beforeAll(async () => {
    world = await createAccessWorld();
    get = new GetOverview({
      ...{ authorize: world.authorize, uow: world.uow, reachOf: world.reachOf, clock: world.now },
      may: createMay({ clock: world.now }),
      tally: new PostgresAssetTally(),
      certificates: new PostgresEndingCertificates(),
      apiKeys: new PostgresEndingApiKeys(),
      grants: new PostgresEndingGrants(),
    });
  });
  afterAll(() => world.close());

  it('an organization without assets has no day to show', async () => {
    const { assets: figures, burnDown, endsSoon } = await get.execute(world.actor);
    expect(figures.total).toBe(0);
    expect(burnDown).toEqual([]);
    expect(endsSoon.certificates).toEqual({ count: 0, next: [] });
  });

  it('counts what was made, follows what changes, and leaves out what was archived', async () => {
    const { production, staging } = world.hierarchy;
    const first = await create(world.actor, production);
    const second = await create(world.actor, production, 'top-secret');
    const third = await create(world.actor, staging);
    const before = await get.execute(world.actor);
    expect(before.assets.total).toBe(3);
    expect(before.assets.byReadiness).toEqual({ vulnerable: 0, partial: 0, safe: 0, unknown: 3 });
    for (const { risk } of [first, second, third]) expect(before.assets.byBand[risk.band]).toBeGreaterThan(0);
    await observe(first.id, 'x25519');
    await observe(second.id, 'X-Wing');
    await new ArchiveAsset({ ...world, assets }).execute(world.actor, third.id);
    const after = await get.execute(world.actor);
    expect(after.assets.total).toBe(2);
    expect(after.assets.byReadiness).toEqual({ vulnerable: 1, partial: 0, safe: 1, unknown: 0 });
    const today = new Date().toISOString().slice(0, 10);
    expect(after.burnDown.at(-1)).toMatchObject({ day: today, total: 2, vulnerable: 1 });
  });

  it('ACC-6: whoever was given an environment gets the figures of it alone', async () => {
    const { staging } = world.hierarchy;
    await create(world.actor, staging);
    const all = await get.execute(world.actor);
    const part = await get.execute(await actorWith(inProduction('organization-user')));
    expect(all.assets.total).toBe(3);
    expect(part.assets.total).toBe(2);
    const denied = { ...inProduction('organization-user'), effect: 'deny' as const };
    const rest = await get.execute(await actorWith({ role: 'organization-user' }, denied));
    expect(rest.assets.total).toBe(1);
    // Rights on a project below an environment reach no asset, and cannot be counted from there.
    const below = await actorWith({ role: 'organization-user', column: 'project_id', placeId: world.hierarchy.shop });
    expect((await get.execute(below)).assets.total).toBe(0);
    await expect(get.execute(await actorWith())).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('ACC-1: another organization gets its own figures', async () => {
    const other = await world.newTenant();
    expect((await get.execute(other.actor)).assets.total).toBe(0);
  });

  it('names the certificates that end soon or just ended, where the reader may see them', async () => {
    const { production, staging } = world.hierarchy;
    const soon = await create(world.actor, production);
    const ended = await create(world.actor, staging);
    const later = await create(world.actor, staging);
    await observe(soon.id, 'x25519', inDays(10));
    await observe(ended.id, 'x25519', inDays(-3));
    await observe(later.id, 'x25519', inDays(31));
    const { certificates } = (await get.execute(world.actor)).endsSoon;
    expect(certificates?.count).toBe(2);
    expect(certificates?.next.map(({ id }) => id)).toEqual([ended.id, soon.id]);
    const part = (await get.execute(await actorWith(inProduction('organization-user')))).endsSoon.certificates;
    expect(part?.next.map(({ id }) => id)).toEqual([soon.id]);
    await new ArchiveAsset({ ...world, assets }).execute(world.actor, soon.id);
    expect((await get.execute(world.actor)).endsSoon.certificates?.next.map(({ id }) => id)).toEqual([ended.id]);
  });

  it('counts on where more end than are named', async () => {
    const many = await Promise.all(Array.from({ length: 7 }, () => create(world.actor, world.hierarchy.production)));
    for (const [at, { id }] of many.entries()) await observe(id, 'X-Wing', inDays(1 + at));
    const { certificates } = (await get.execute(world.actor)).endsSoon;
    expect(certificates?.count).toBe(8);
    expect(certificates?.next).toHaveLength(5);
    expect(certificates?.next[1]?.id).toBe(many[0]?.id);
  });

  it('ACC-6: keys and grants that end are for those who may list them, and only where they may', async () => {
    const holder = await world.subject([
      { role: 'auditor', expiresAt: inDays(2) },
      { ...inProduction('custodian'), expiresAt: inDays(5) },
      { role: 'auditor', expiresAt: inDays(60) },
      { role: 'auditor', effect: 'deny', expiresAt: inDays(2) },
    ]);
    const key = (name: string, expires: string, extra = '') =>
      world.sql(
        `INSERT INTO api_key (id, tenant_id, subject_id, name, prefix, secret_hash, expires_at, revoked_at)
         VALUES (gen_random_uuid(), $1, $2, $3, substr(md5(random()::text), 1, 12), sha256('x'), now() + $4::interval, ${extra || 'NULL'})`,
        [world.actor.tenantId, holder.id, name, expires],
      );
    await key('ends', '3 days');
    await key('ended', '-3 days');
    await key('revoked', '3 days', 'now()');
    await key('stays', '90 days');
    const { apiKeys, grants } = (await get.execute(await actorWith({ role: 'organization-admin' }))).endsSoon;
    expect(apiKeys?.next.map(({ name }) => name)).toEqual(['ends']);
    expect(apiKeys?.count).toBe(1);
    expect(grants?.count).toBe(2);
    expect(grants?.next[0]).toMatchObject({ name: 'Somebody' });
    const inPart = (await get.execute(await actorWith(inProduction('organization-admin')))).endsSoon;
    expect(inPart.apiKeys).toBeNull();
    expect(inPart.grants?.count).toBe(1);
    const user = (await get.execute(await actorWith({ role: 'organization-user' }))).endsSoon;
    expect(user.apiKeys).toBeNull();
    expect(user.grants).toBeNull();
  });
});
