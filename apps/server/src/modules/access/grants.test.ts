import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../kernel/actor.ts';
import type { Permission } from '../../kernel/permissions.ts';
import { type AccessWorld, createAccessWorld, give, type Subject } from './access.test-support.ts';

let world: AccessWorld;
let admin: Actor;
let adminSubject: Subject;

beforeAll(async () => {
  world = await createAccessWorld();
  adminSubject = await world.subject([{ role: 'organization-admin' }]);
  admin = await adminSubject.actor();
});
afterAll(() => world.close());

const code = (code: string) => expect.objectContaining({ code });
const mayAt = async (subject: Subject, action: Permission, resource: { type: string; id: string }) =>
  world.authorize(await subject.actor(), action, resource).then(
    () => true,
    () => false,
  );

describe('ACC-6: grants', () => {
  it('count from the next request on, on their place and below it, until they are revoked', async () => {
    const { use, hierarchy } = world;
    const subject = await world.subject();
    const grant = await use.createGrant.execute(
      admin,
      give({ subjectId: subject.id, place: { environmentId: hierarchy.production } }),
    );
    const service = { type: 'service', id: hierarchy.payments };
    expect(await mayAt(subject, 'service.read', service)).toBe(true);
    expect(await mayAt(subject, 'environment.read', { type: 'environment', id: hierarchy.production })).toBe(true);
    expect(await mayAt(subject, 'environment.read', { type: 'environment', id: hierarchy.staging })).toBe(false);
    expect(await mayAt(subject, 'environment.read', { type: 'organization', id: admin.tenantId })).toBe(false);
    await use.revokeGrant.execute(admin, grant.id);
    expect(await mayAt(subject, 'service.read', service)).toBe(false);
    expect(await world.eventsOf(grant.id)).toEqual(['grant.created', 'grant.revoked']);
    await expect(use.revokeGrant.execute(admin, grant.id)).rejects.toEqual(code('ACCESS_GRANT_REVOKED'));
  });

  it('are for those who have joined: of the invited nobody knows who holds the token', async () => {
    const subject = await world.subject();
    await world.sql("UPDATE subject SET status = 'invited' WHERE id = $1", [subject.id]);
    await expect(world.use.createGrant.execute(admin, give({ subjectId: subject.id }))).rejects.toEqual(
      code('ACCESS_SUBJECT_NOT_FOUND'),
    );
    await world.sql("UPDATE subject SET status = 'active' WHERE id = $1", [subject.id]);
    await world.use.createGrant.execute(admin, give({ subjectId: subject.id }));
  });

  it('a denial below overrides an allowance above, and nothing else', async () => {
    const { use, hierarchy } = world;
    const subject = await world.subject([{ role: 'auditor' }]);
    const denial = await use.createGrant.execute(
      admin,
      give({ subjectId: subject.id, effect: 'deny', place: { projectId: hierarchy.shop } }),
    );
    expect(await mayAt(subject, 'service.read', { type: 'service', id: hierarchy.payments })).toBe(false);
    expect(await mayAt(subject, 'environment.read', { type: 'environment', id: hierarchy.production })).toBe(true);
    await use.revokeGrant.execute(admin, denial.id);
    expect(await mayAt(subject, 'service.read', { type: 'service', id: hierarchy.payments })).toBe(true);
  });

  it('ACC-7: one that expires stops at the instant, without anybody touching it', async () => {
    const subject = await world.subject();
    const at = new Date('2030-01-01T12:00:00Z');
    world.now.set(new Date(at.getTime() - 1));
    await world.use.createGrant.execute(admin, give({ subjectId: subject.id, expiresAt: at.toISOString() }));
    const actor = await subject.actor();
    const resource = { type: 'organization', id: admin.tenantId };
    await world.authorize(actor, 'audit.read', resource);
    world.now.set(at);
    await expect(world.authorize(actor, 'audit.read', resource)).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      message: expect.stringContaining('a grant that has not expired'),
    });
    world.now.set(null);
  });

  it('refuses a place of another organization like one that does not exist', async () => {
    const other = await world.newTenant();
    const foreign = await world.newHierarchy(other.actor.tenantId);
    const subject = await world.subject();
    for (const projectId of [foreign.shop, '01920000-0000-7000-8000-000000000009']) {
      const input = give({ subjectId: subject.id, place: { projectId } });
      await expect(world.use.createGrant.execute(admin, input)).rejects.toEqual(code('ACCESS_PLACE_UNKNOWN'));
    }
    const stranger = await world.subject([], other.actor.tenantId);
    for (const subjectId of [stranger.id, '01920000-0000-7000-8000-000000000009'])
      await expect(world.use.createGrant.execute(admin, give({ subjectId }))).rejects.toEqual(
        code('ACCESS_SUBJECT_NOT_FOUND'),
      );
  });

  it.each([
    ['a network with bits behind its prefix', { addresses: ['10.0.0.1/8'] }],
    [
      'an unknown time zone',
      { hours: { timeZone: 'Mars/Base', windows: [{ days: [1], from: '08:00', to: '09:00' }] } },
    ],
  ])('ACC-7: refuses %s, and names the field', async (_, rules) => {
    const subject = await world.subject();
    await expect(world.use.createGrant.execute(admin, give({ subjectId: subject.id, rules }))).rejects.toMatchObject({
      code: 'ACCESS_RULES_INVALID',
      fields: [{ path: expect.stringMatching(/^body\.rules\./) }],
    });
  });

  it('are listed to whoever administers a part as far as that part goes', async () => {
    const { use, hierarchy } = world;
    const lead = await world.subject([
      { role: 'organization-admin', column: 'environment_id', placeId: hierarchy.production },
    ]);
    const subject = await world.subject();
    const below = await world.grantRaw(subject.id, {
      role: 'auditor',
      column: 'service_id',
      placeId: hierarchy.payments,
    });
    await world.grantRaw(subject.id, { role: 'auditor', column: 'environment_id', placeId: hierarchy.staging });
    await world.grantRaw(subject.id, { role: 'auditor' });
    const query = { limit: 50, subjectId: subject.id, includeRevoked: 'false' } as const;
    expect((await use.listGrants.execute(admin, query)).items).toHaveLength(3);
    expect((await use.listGrants.execute(await lead.actor(), query)).items.map(({ id }) => id)).toEqual([below]);
    const nobody = await world.subject();
    await expect(use.listGrants.execute(await nobody.actor(), query)).rejects.toEqual(code('ACCESS_DENIED'));
  });
});

describe('ACC-6: escalation is refused', () => {
  it.each<[string, (subject: Subject) => Partial<Parameters<typeof give>[0]>, string]>([
    ['a role with a permission that the giver does not hold', () => ({ role: 'platform-admin' }), 'ACCESS_ESCALATION'],
    ['anything to oneself', () => ({ subjectId: adminSubject.id, role: 'auditor' }), 'ACCESS_SELF_GRANT'],
    ['a role that does not exist', () => ({ role: 'king' }), 'ACCESS_ROLE_NOT_FOUND'],
    ['a grant that is over', () => ({ expiresAt: '2020-01-01T00:00:00Z' }), 'ACCESS_GRANT_EXPIRED'],
  ])('%s', async (_, changes, expected) => {
    const subject = await world.subject();
    const before = await world.sql('SELECT id FROM access_grant');
    const input = give({ subjectId: subject.id, ...changes(subject) });
    await expect(world.use.createGrant.execute(admin, input)).rejects.toEqual(code(expected));
    expect(await world.sql('SELECT id FROM access_grant')).toHaveLength(before.length);
  });

  it('of a project to the environment above it, but not below', async () => {
    const { hierarchy, use } = world;
    const lead = await (
      await world.subject([{ role: 'organization-admin', column: 'project_id', placeId: hierarchy.shop }])
    ).actor();
    const subject = await world.subject();
    await use.createGrant.execute(lead, give({ subjectId: subject.id, place: { serviceId: hierarchy.payments } }));
    for (const place of [{ environmentId: hierarchy.production }, undefined])
      await expect(use.createGrant.execute(lead, give({ subjectId: subject.id, place }))).rejects.toEqual(
        code('ACCESS_DENIED'),
      );
  });

  it('of a right that ends, or that counts in one network alone, or through a narrow key', async () => {
    const subject = await world.subject();
    const input = give({ subjectId: subject.id, role: 'auditor' });
    const ending = await world.subject([{ role: 'organization-admin', expiresAt: new Date('2100-01-01') }]);
    await expect(world.use.createGrant.execute(await ending.actor(), input)).rejects.toEqual(code('ACCESS_ESCALATION'));
    const narrow = {
      ...admin,
      credential: { ...admin.credential, permissions: new Set<Permission>(['grant.create']) },
    };
    await expect(world.use.createGrant.execute(narrow, input)).rejects.toEqual(code('ACCESS_ESCALATION'));
  });

  it('by changing a role that one holds, or by lifting a denial of oneself', async () => {
    const { use } = world;
    const role = await use.createRole.execute(admin, {
      name: 'steward',
      description: '',
      permissions: ['role.read', 'role.update'],
    });
    const steward = await world.subject();
    await use.createGrant.execute(admin, give({ subjectId: steward.id, role: 'steward' }));
    const wider = {
      id: role.id ?? '',
      expectedVersion: 1,
      change: { permissions: ['role.read', 'role.update', 'user.offboard'] as const },
    };
    await expect(use.updateRole.execute(await steward.actor(), wider)).rejects.toEqual(code('ACCESS_ESCALATION'));
    await use.updateRole.execute(admin, wider);
    expect(await mayAt(steward, 'user.offboard', { type: 'organization', id: admin.tenantId })).toBe(true);

    const denied = await world.subject([{ role: 'organization-admin' }]);
    const denial = await world.grantRaw(denied.id, {
      role: 'auditor',
      effect: 'deny',
      column: 'project_id',
      placeId: world.hierarchy.shop,
    });
    await expect(use.revokeGrant.execute(await denied.actor(), denial)).rejects.toEqual(code('ACCESS_SELF_GRANT'));
  });
});

describe('ACC-6: an organization keeps an administrator', () => {
  it('the last one is neither revoked nor denied, even by two at once', async () => {
    const { actor } = await world.newTenant();
    const [first, second] = [
      await world.subject([{ role: 'organization-admin' }], actor.tenantId),
      await world.subject([{ role: 'organization-admin' }], actor.tenantId),
    ];
    const grantOf = async (subject: Subject) =>
      (await world.sql<{ id: string }>('SELECT id FROM access_grant WHERE subject_id = $1', [subject.id]))[0]?.id ?? '';
    const [mine, yours] = [await grantOf(first), await grantOf(second)];
    const [one, other] = [await first.actor(), await second.actor()];
    const outcomes = await Promise.allSettled([
      world.use.revokeGrant.execute(one, yours),
      world.use.revokeGrant.execute(other, mine),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'ACCESS_LAST_ADMINISTRATOR' },
    });
    const [left] = await world.sql<{ subject_id: string }>(
      'SELECT subject_id FROM access_grant WHERE tenant_id = $1 AND revoked_at IS NULL',
      [actor.tenantId],
    );
    const last = left?.subject_id === first.id ? one : other;
    const denial = give({ subjectId: last.id, effect: 'deny', role: 'organization-admin' });
    await expect(world.use.createGrant.execute(last, denial)).rejects.toEqual(code('ACCESS_LAST_ADMINISTRATOR'));
  });
});

describe('ACC-6: custom roles', () => {
  it('are made, changed with an ETag, held, and deleted when nobody holds them', async () => {
    const { use } = world;
    const role = await use.createRole.execute(admin, {
      name: 'releaser',
      description: 'Releases',
      permissions: ['asset.read'],
    });
    const id = role.id ?? '';
    const clash = { name: 'releaser', description: '', permissions: ['asset.read'] as const };
    await expect(use.createRole.execute(admin, clash)).rejects.toEqual(code('ACCESS_ROLE_EXISTS'));
    await expect(use.createRole.execute(admin, { ...clash, name: 'auditor' })).rejects.toEqual(
      code('ACCESS_ROLE_EXISTS'),
    );
    await expect(
      use.createRole.execute(admin, { ...clash, name: 'over', permissions: ['audit.export-all'] }),
    ).rejects.toEqual(code('ACCESS_ESCALATION'));
    const change = { id, expectedVersion: 1, change: { permissions: ['asset.read', 'asset.scan'] as const } };
    expect(await use.updateRole.execute(admin, change)).toMatchObject({
      version: 2,
      permissions: ['asset.read', 'asset.scan'],
    });
    await expect(use.updateRole.execute(admin, change)).rejects.toEqual(code('REQUEST_ETAG_MISMATCH'));
    const subject = await world.subject();
    const grant = await use.createGrant.execute(admin, give({ subjectId: subject.id, role: 'releaser' }));
    await expect(use.deleteRole.execute(admin, id)).rejects.toEqual(code('ACCESS_ROLE_IN_USE'));
    await use.revokeGrant.execute(admin, grant.id);
    await use.deleteRole.execute(admin, id);
    expect(await world.eventsOf(id)).toEqual(['role.created', 'role.updated', 'role.deleted']);
    const { items } = await use.listRoles.execute(admin, { limit: 50 });
    expect(items.map(({ name }) => name)).not.toContain('releaser');
    expect(items.slice(0, 6).every(({ builtIn }) => builtIn)).toBe(true);
    // The history of the grant still names it, and the name is free again.
    expect(await use.getGrant.execute(admin, grant.id)).toMatchObject({ role: 'releaser' });
    await use.createRole.execute(admin, clash);
  });
});

describe('ACC-6: explain', () => {
  it('says why, for oneself and, with grant.read, for others', async () => {
    const { use, hierarchy } = world;
    const subject = await world.subject([
      {
        role: 'auditor',
        column: 'environment_id',
        placeId: hierarchy.production,
        rules: { addresses: ['10.0.0.0/8'] },
      },
    ]);
    const ask = { permission: 'service.read', place: { serviceId: hierarchy.payments } } as const;
    const own = await use.explain.execute(await subject.actor(), ask);
    expect(own).toMatchObject({
      allowed: false,
      reason: 'CONDITIONS_NOT_MET',
      place: { environmentId: hierarchy.production, projectId: hierarchy.shop, serviceId: hierarchy.payments },
      grants: [
        {
          level: 'environment',
          inherited: true,
          reaching: true,
          applies: false,
          lacking: [{ condition: 'addresses', standing: 'unknown' }],
        },
      ],
    });
    expect(own.sentence).toContain('another network');
    const facts = { address: '10.1.2.3' };
    expect(await use.explain.execute(admin, { ...ask, subjectId: subject.id, facts })).toMatchObject({
      allowed: true,
      reason: 'GRANT',
    });
    const curious = await world.subject();
    await expect(use.explain.execute(await curious.actor(), { ...ask, subjectId: subject.id })).rejects.toEqual(
      code('ACCESS_DENIED'),
    );
    await expect(
      use.explain.execute(admin, { ...ask, subjectId: '01920000-0000-7000-8000-000000000009' }),
    ).rejects.toEqual(code('ACCESS_SUBJECT_NOT_FOUND'));
  });

  it('attack case 1: tells whom no grant leads there the same of a place that is and of one that is not', async () => {
    const { use, hierarchy } = world;
    const curious = await world.subject([{ role: 'auditor', column: 'environment_id', placeId: hierarchy.staging }]);
    const about = async (serviceId: string) => {
      const told = await use.explain.execute(await curious.actor(), {
        permission: 'service.read',
        place: { serviceId },
      });
      return { ...told, grants: told.grants.map(({ grantId: _, ...grant }) => grant) };
    };
    const told = await about(hierarchy.payments);
    expect(told).toMatchObject({ allowed: false, place: null });
    expect(told).toEqual(await about('01920000-0000-7000-8000-000000000009'));
  });

  it('attack case 1: tells whose grant has ended no place any more, also when asked about the time before', async () => {
    const { use, hierarchy } = world;
    const former = await world.subject([{ role: 'auditor', expiresAt: new Date(Date.now() - 60_000) }]);
    const place = { serviceId: hierarchy.payments };
    for (const facts of [undefined, { at: new Date(Date.now() - 120_000).toISOString() }]) {
      const told = await use.explain.execute(await former.actor(), { permission: 'service.read', place, facts });
      expect(told).toMatchObject({ place: null, allowed: facts !== undefined });
    }
  });
});
