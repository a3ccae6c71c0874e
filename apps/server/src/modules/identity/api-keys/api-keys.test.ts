import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessOfPermissions } from '../../../kernel/access.test-support.ts';
import { type Conditions, compileAccess, type Grant } from '../../../kernel/access.ts';
import { type Actor, noCredential } from '../../../kernel/actor.ts';
import type { Permission } from '../../../kernel/permissions.ts';
import { newId } from '../../jobs/world.test-support.ts';
import { createIdentityWorld, type IdentityWorld, requestFrom } from '../identity.test-support.ts';
import { UpdateSecuritySettings } from '../security/update-security-settings.ts';
import {
  CreateServiceAccount,
  DeleteServiceAccount,
  UpdateServiceAccount,
} from '../service-accounts/change-service-accounts.ts';
import { GetServiceAccount, ListServiceAccounts } from '../service-accounts/read-service-accounts.ts';
import { CreateApiKey, CreateOwnApiKey } from './create-api-key.ts';
import { ListApiKeys, ListOwnApiKeys } from './list-api-keys.ts';
import type { KeyWish } from './make-key.ts';
import { RevokeApiKey, RevokeOwnApiKey } from './revoke-api-key.ts';
import { RotateApiKey, RotateOwnApiKey } from './rotate-api-key.ts';

let world: IdentityWorld;
let admin: Actor;
let count = 0;

beforeAll(async () => {
  world = await createIdentityWorld();
  admin = await world.newUser('organization-admin');
});
afterAll(() => world.close());

const wish = (change: Partial<KeyWish> = {}): KeyWish => {
  count += 1;
  return { name: `Key ${count}`, allowedNetworks: [], ...change };
};
const createOwn = (actor: Actor, change: Partial<KeyWish> = {}) =>
  new CreateOwnApiKey(world.deps).execute(actor, wish(change));
const createFor = (serviceAccountId: string, change: Partial<KeyWish> = {}, by: Actor = admin) =>
  new CreateApiKey(world.deps).execute(by, { serviceAccountId, ...wish(change) });
const newAccount = (by: Actor = admin) =>
  new CreateServiceAccount(world.deps).execute(by, { name: `Robot ${++count}`, description: '' });
const as = (secret: string, address: string | null = '192.0.2.10') =>
  world.authenticator.authenticate(secret, requestFrom(address));
const may = (actor: Actor, action: Parameters<typeof world.may>[1]) => world.may(actor, action);
const dead = { code: 'IDENTITY_UNAUTHENTICATED' };

describe('ACC-2: keys of one’s own', () => {
  it('ACC-2: the secret works, is shown once, and is in no listing, row or event', async () => {
    const user = await world.newUser('auditor');
    const { key, secret } = await createOwn(user);
    expect(secret.startsWith(`${key.prefix}_`)).toBe(true);
    const actor = await as(secret);
    expect(actor).toMatchObject({
      kind: 'user',
      id: user.id,
      credential: { kind: 'api-key', id: key.id, permissions: null },
    });
    const listed = await new ListOwnApiKeys(world.deps).execute(user, { limit: 10, includeEnded: 'false' });
    expect(listed.items).toEqual([key]);
    const tail = secret.slice(-43);
    const rows = await world.sql('SELECT to_jsonb(k)::text AS row FROM api_key k WHERE id = $1', [key.id]);
    expect(JSON.stringify([listed, rows])).not.toContain(tail);
    expect(await world.eventsOf(key.id)).toEqual(['api-key.created']);
  });

  it('ACC-2: permissions narrow a key, and nobody makes one with more than he may', async () => {
    const user = await world.newUser('auditor');
    const { secret } = await createOwn(user, { permissions: ['asset.read', 'identity.self'] });
    const actor = await as(secret);
    expect([may(actor, 'asset.read'), may(actor, 'audit.read'), may(actor, 'identity.read')]).toEqual([
      true,
      false,
      false,
    ]);
    await expect(createOwn(user, { permissions: ['asset.create'] })).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('ACC-2: a key with a limit makes no key and replaces only itself; the refusal is recorded', async () => {
    const user = await world.newUser('auditor');
    const [other, limited] = [await createOwn(user), await createOwn(user, { allowedNetworks: ['192.0.2.0/24'] })];
    const actor = await as(limited.secret);
    await expect(createOwn(actor)).rejects.toMatchObject({ code: 'IDENTITY_KEY_LIMITED' });
    const rotate = (id: string) => new RotateOwnApiKey(world.deps).execute(actor, { id, overlapHours: 1 });
    await expect(rotate(other.key.id)).rejects.toMatchObject({ code: 'IDENTITY_KEY_LIMITED' });
    expect(await world.eventsOf(other.key.id)).toEqual(['api-key.created', 'access.refused']);
    expect((await rotate(limited.key.id)).key).toMatchObject({
      allowedNetworks: ['192.0.2.0/24'],
      replaces: limited.key.id,
    });
    expect((await createOwn(await as(other.secret))).key.owner.id).toBe(user.id);
  });

  it.each([
    [['192.0.2.0/24'], '192.0.2.200', true],
    [['192.0.2.0/24'], '::ffff:192.0.2.200', true],
    [['192.0.2.0/24'], '192.0.3.1', false],
    [['192.0.2.0/24'], null, false],
    [['2001:db8::/32'], '2001:db8::7', true],
    [['2001:db8::/32'], '2001:db9::7', false],
    [['192.0.2.7', '2001:db8::7'], '192.0.2.7', true],
    [['::/0'], '192.0.2.7', false],
  ] as const)('ACC-2: a key for %j from %s works: %s', async (allowedNetworks, address, works) => {
    const { secret } = await createOwn(admin, { allowedNetworks });
    if (works) expect((await as(secret, address)).id).toBe(admin.id);
    else await expect(as(secret, address)).rejects.toMatchObject(dead);
  });

  it('ACC-2: a network with bits behind its prefix is refused and named', async () => {
    await expect(createOwn(admin, { allowedNetworks: ['192.0.2.0/24', '192.0.2.7/24'] })).rejects.toMatchObject({
      code: 'IDENTITY_NETWORK_INVALID',
      message: expect.stringContaining('allowedNetworks.1'),
    });
  });

  it('ACC-2: rotation with overlap: both are good and shown, until the old one has ended', async () => {
    const user = await world.newUser('auditor');
    const old = await createOwn(user, { permissions: ['asset.read', 'identity.self'], expiresInDays: 30 });
    const next = await new RotateOwnApiKey(world.deps).execute(user, { id: old.key.id, overlapHours: 2 });
    expect(next.key).toMatchObject({ name: old.key.name, permissions: old.key.permissions, replaces: old.key.id });
    const listed = await new ListOwnApiKeys(world.deps).execute(user, { limit: 10, includeEnded: 'false' });
    expect(listed.items).toMatchObject([
      { id: next.key.id, state: 'active' },
      { id: old.key.id, state: 'replaced', replacedBy: next.key.id },
    ]);
    const life = Date.parse(listed.items[1]?.expiresAt ?? '') - Date.now();
    expect(life).toBeGreaterThan(0);
    expect(life).toBeLessThanOrEqual(2 * 3_600_000);
    expect([(await as(old.secret)).id, (await as(next.secret)).id]).toEqual([user.id, user.id]);
    await expect(
      new RotateOwnApiKey(world.deps).execute(user, { id: old.key.id, overlapHours: 1 }),
    ).rejects.toMatchObject({ code: 'IDENTITY_KEY_STATE' });
    await world.sql("UPDATE api_key SET expires_at = now() - interval '1 second' WHERE id = $1", [old.key.id]);
    await expect(as(old.secret)).rejects.toMatchObject(dead);
    const all = await new ListOwnApiKeys(world.deps).execute(user, { limit: 10, includeEnded: 'true' });
    expect(all.items.map(({ state }) => state)).toEqual(['active', 'expired']);
  });

  it('ACC-2: a key that replaces itself ends when it would have ended; its owner may give the next one its whole life', async () => {
    const user = await world.newUser('auditor');
    const old = await createOwn(user, { expiresInDays: 30 });
    await world.sql(
      "UPDATE api_key SET created_at = now() - interval '20 days', expires_at = now() + interval '10 days' WHERE id = $1",
      [old.key.id],
    );
    const daysLeft = ({ expiresAt }: { expiresAt: string | null }) =>
      Math.round((Date.parse(expiresAt ?? '') - Date.now()) / 86_400_000);
    const input = { overlapHours: 1 };
    const self = await new RotateOwnApiKey(world.deps).execute(await as(old.secret), { id: old.key.id, ...input });
    expect(daysLeft(self.key)).toBe(10);
    const wish = await createOwn(user, { expiresInDays: 30 });
    await world.sql(
      "UPDATE api_key SET created_at = now() - interval '20 days', expires_at = now() + interval '10 days' WHERE id = $1",
      [wish.key.id],
    );
    const next = await new RotateOwnApiKey(world.deps).execute(user, { id: wish.key.id, ...input });
    expect(daysLeft(next.key)).toBe(30);
  });

  it('ACC-5: a session that proved itself long ago gets no secret that outlives it', async () => {
    const user = await world.newUser('auditor');
    const { key } = await createOwn(user);
    const stale = { ...user, credential: { ...user.credential, authenticatedAt: new Date(0), mfaAt: null } };
    const demand = { code: 'ACCESS_STEP_UP_REQUIRED' };
    await expect(createOwn(stale)).rejects.toMatchObject(demand);
    await expect(new RotateOwnApiKey(world.deps).execute(stale, { id: key.id, overlapHours: 1 })).rejects.toMatchObject(
      demand,
    );
  });

  it('ACC-2: without overlap, and revoked, a key is dead in the next request', async () => {
    const { key, secret } = await createOwn(admin);
    const next = await new RotateOwnApiKey(world.deps).execute(admin, { id: key.id, overlapHours: 0 });
    await expect(as(secret)).rejects.toMatchObject(dead);
    expect((await as(next.secret)).id).toBe(admin.id);
    await new RevokeOwnApiKey(world.deps).execute(admin, next.key.id);
    await expect(as(next.secret)).rejects.toMatchObject(dead);
    await expect(new RevokeOwnApiKey(world.deps).execute(admin, next.key.id)).rejects.toMatchObject({
      code: 'IDENTITY_KEY_STATE',
    });
  });

  it('ACC-2: of ten rotations at once, one makes a key', async () => {
    const { key } = await createOwn(admin);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => new RotateOwnApiKey(world.deps).execute(admin, { id: key.id, overlapHours: 1 })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('ACC-2: another’s key is not there for whoever rotates or revokes own ones, nor is a foreign one for anybody', async () => {
    const [one, other] = [await world.newUser('auditor'), await world.newUser('auditor')];
    const { key } = await createOwn(one);
    const missing = { code: 'IDENTITY_KEY_NOT_FOUND' };
    await expect(new RevokeOwnApiKey(world.deps).execute(other, key.id)).rejects.toMatchObject(missing);
    await expect(new RotateOwnApiKey(world.deps).execute(other, { id: key.id, overlapHours: 1 })).rejects.toMatchObject(
      missing,
    );
    await expect(new RotateApiKey(world.deps).execute(admin, { id: key.id, overlapHours: 1 })).rejects.toMatchObject(
      missing,
    );
    const { actor: foreign } = await world.newTenant();
    await expect(new RevokeApiKey(world.deps).execute(foreign, key.id)).rejects.toMatchObject(missing);
    await new RevokeApiKey(world.deps).execute(admin, key.id);
  });

  it('ACC-2: an organization may demand that keys expire', async () => {
    const { actor } = await world.newTenant();
    const user = await world.newUser('organization-admin', actor);
    const old = await createOwn(user);
    await new UpdateSecuritySettings({ ...world.deps, store: world.deps.settings }).execute(user, {
      expectedVersion: 0,
      change: { apiKey: { daysMax: 10 } },
    });
    await expect(createOwn(user)).rejects.toMatchObject({ code: 'IDENTITY_KEY_LIFE' });
    await expect(createOwn(user, { expiresInDays: 11 })).rejects.toMatchObject({ code: 'IDENTITY_KEY_LIFE' });
    const { key } = await createOwn(user, { expiresInDays: 10 });
    expect(Date.parse(key.expiresAt ?? '') - Date.now()).toBeLessThanOrEqual(10 * 86_400_000);
    // A key for ever that is replaced gets the end that a new one would.
    const next = await new RotateOwnApiKey(world.deps).execute(user, { id: old.key.id, overlapHours: 1 });
    expect(next.key.expiresAt).not.toBeNull();
  });

  it('ACC-2: limits of a key never change: the server’s own role may not write them', async () => {
    const { key } = await createOwn(admin, { permissions: ['asset.read'] });
    const client = await world.database.connectAs('qv_app');
    await client.query("SELECT set_config('qv.tenant', $1, false)", [admin.tenantId]);
    await expect(client.query('UPDATE api_key SET permissions = NULL WHERE id = $1', [key.id])).rejects.toMatchObject({
      code: '42501',
    });
    await client.end();
  });

  it('ACC-2: an owner has at most 100 usable keys', async () => {
    const user = await world.newUser('auditor');
    await world.sql(
      `INSERT INTO api_key (id, tenant_id, subject_id, name, prefix, secret_hash)
       SELECT gen_random_uuid(), $1, $2, 'k', lpad(n::text, 12, 'q'), decode(repeat('00', 32), 'hex') FROM generate_series(1, 100) n`,
      [user.tenantId, user.id],
    );
    await expect(createOwn(user)).rejects.toMatchObject({ code: 'IDENTITY_KEYS_TOO_MANY' });
  });
});

describe('ACC-2: keys for a place', () => {
  it('ACC-2: what the owner may in the organization, the key may there and nowhere else', async () => {
    const [project, second] = ['01920000-0000-7000-8000-0000000000a1', '01920000-0000-7000-8000-0000000000a2'];
    for (const [id, name] of [
      [project, 'one'],
      [second, 'two'],
    ]) {
      await world.sql('INSERT INTO project (id, tenant_id, environment_id, name) VALUES ($1, $2, $3, $4)', [
        id,
        admin.tenantId,
        world.environmentId,
        name,
      ]);
    }
    const { key, secret } = await createOwn(admin, { projectId: project });
    expect(key).toMatchObject({ projectId: project, environmentId: null, permissions: null });
    const actor = await as(secret);
    const { authorize } = world.deps;
    await authorize(actor, 'project.read', { type: 'project', id: project ?? '' });
    await expect(authorize(actor, 'project.read', { type: 'project', id: second ?? '' })).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
    expect(may(actor, 'user.invite')).toBe(false);
    const missing = '01920000-0000-7000-8000-00000000dead';
    await expect(createOwn(admin, { serviceId: missing })).rejects.toMatchObject({ code: 'IDENTITY_PLACE_NOT_FOUND' });
    const { environmentId: foreign } = await world.newTenant();
    await expect(createOwn(admin, { environmentId: foreign })).rejects.toMatchObject({
      code: 'IDENTITY_PLACE_NOT_FOUND',
    });
  });
});

describe('ACC-2: service accounts', () => {
  it('ACC-2: its key may what it is granted, and never more than its maker might', async () => {
    const account = await newAccount();
    expect(account).toMatchObject({ ownerId: admin.id, status: 'active', roles: [] });
    const { key, secret } = await createFor(account.id);
    expect(key.owner).toMatchObject({ id: account.id, kind: 'service-account' });
    expect(key.permissions).not.toContain('organization.create');
    expect(await as(secret)).toMatchObject({ kind: 'service-account', id: account.id });
    expect(may(await as(secret), 'asset.read')).toBe(false);
    await world.sql(
      "INSERT INTO access_grant (id, tenant_id, subject_id, role) VALUES (gen_random_uuid(), $1, $2, 'platform-admin')",
      [admin.tenantId, account.id],
    );
    const actor = await as(secret);
    expect([may(actor, 'asset.read'), may(actor, 'organization.create')]).toEqual([true, false]);
  });

  it('ACC-2: a certificate or a token of a device, which are for less, replace no key of their subject', async () => {
    const account = await newAccount();
    const { key, secret } = await createFor(account.id);
    const own = await as(secret);
    for (const kind of ['certificate', 'device-key'] as const) {
      const few = new Set<Permission>(['identity.self', 'api-key.create-own']);
      const narrow: Actor = { ...own, credential: { ...noCredential, kind, id: newId<string>(), permissions: few } };
      await expect(
        new RotateOwnApiKey(world.deps).execute(narrow, { id: key.id, overlapHours: 1 }),
      ).rejects.toMatchObject({ code: 'IDENTITY_KEY_LIMITED' });
    }
    const listed = await new ListApiKeys(world.deps).execute(admin, {
      limit: 10,
      includeEnded: 'true',
      ownerId: account.id,
    });
    expect(listed.items).toMatchObject([{ id: key.id, state: 'active', replacedBy: null }]);
  });

  it('ACC-12: the successor of a key that replaces itself is still of whoever made the first', async () => {
    const account = await newAccount();
    const { key, secret } = await createFor(account.id);
    const next = await new RotateOwnApiKey(world.deps).execute(await as(secret), { id: key.id, overlapHours: 0 });
    expect(next.key).toMatchObject({ replaces: key.id, createdBy: admin.id, owner: { id: account.id } });
  });

  it('ACC-2: whoever replaces its key must be allowed all that it is for', async () => {
    const account = await newAccount();
    const { key } = await createFor(account.id, { permissions: ['asset.read', 'asset.create'] });
    const helper = {
      ...admin,
      access: accessOfPermissions(['api-key.create', 'asset.read']),
    };
    const rotate = (by: Actor) => new RotateApiKey(world.deps).execute(by, { id: key.id, overlapHours: 1 });
    await expect(rotate(helper)).rejects.toMatchObject({ code: 'ACCESS_ESCALATION' });
    expect((await rotate(admin)).key).toMatchObject({ permissions: ['asset.read', 'asset.create'] });
    await expect(createFor(account.id, { permissions: ['asset.create'] }, helper)).rejects.toMatchObject({
      code: 'ACCESS_ESCALATION',
    });
    expect(await world.eventsOf(account.id)).toContain('access.refused');
  });

  it('ACC-2: a right that ends, or holds under conditions, gets into no key that somebody else keeps', async () => {
    const account = await newAccount();
    const grant = (role: string, permissions: readonly Permission[], conditions: Conditions = {}): Grant => ({
      id: newId<string>(),
      effect: 'allow',
      role,
      permissions: new Set(permissions),
      place: null,
      conditions,
    });
    const maker: Actor = {
      ...admin,
      access: compileAccess([
        grant('own', ['api-key.create', 'asset.read']),
        grant('for-a-time', ['asset.create'], { expiresAt: new Date(Date.now() + 3_600_000) }),
        grant('in-the-office', ['asset.scan'], { rules: { addresses: ['192.0.2.0/24'] } }),
      ]),
    };
    for (const permission of ['asset.create', 'asset.scan'] as const)
      await expect(createFor(account.id, { permissions: [permission] }, maker)).rejects.toMatchObject({
        code: 'ACCESS_ESCALATION',
      });
    const { key } = await createFor(account.id, {}, maker);
    expect(key.permissions).toContain('asset.read');
    expect(key.permissions).not.toContain('asset.create');
    expect(key.permissions).not.toContain('asset.scan');
  });

  it('ACC-2: whoever holds nothing but the key of a service account makes no other key', async () => {
    const account = await newAccount();
    const { secret } = await createFor(account.id);
    await expect(createOwn(await as(secret))).rejects.toMatchObject({ code: 'IDENTITY_USERS_ONLY' });
  });

  it('ACC-2: disabled, its keys are dead at once; deleted, it is gone with them', async () => {
    const account = await newAccount();
    const { key, secret } = await createFor(account.id);
    expect((await as(secret)).id).toBe(account.id);
    const update = (expectedVersion: number, isEnabled: boolean) =>
      new UpdateServiceAccount(world.deps).execute(admin, { id: account.id, expectedVersion, change: { isEnabled } });
    const disabled = await update(account.version, false);
    await expect(as(secret)).rejects.toMatchObject(dead);
    await expect(update(account.version, true)).rejects.toMatchObject({ code: 'REQUEST_ETAG_MISMATCH' });
    await update(disabled.version, true);
    expect((await as(secret)).id).toBe(account.id);
    await new DeleteServiceAccount(world.deps).execute(admin, account.id);
    await expect(as(secret)).rejects.toMatchObject(dead);
    await expect(new GetServiceAccount(world.deps).execute(admin, account.id)).rejects.toMatchObject({
      code: 'IDENTITY_SERVICE_ACCOUNT_NOT_FOUND',
    });
    await expect(createFor(account.id)).rejects.toMatchObject({ code: 'IDENTITY_SERVICE_ACCOUNT_NOT_FOUND' });
    const keys = await new ListApiKeys(world.deps).execute(admin, {
      limit: 9,
      includeEnded: 'true',
      ownerId: account.id,
    });
    expect(keys.items).toMatchObject([{ id: key.id, state: 'revoked' }]);
    expect(await world.eventsOf(account.id)).toEqual([
      'service-account.created',
      'service-account.disabled',
      'service-account.enabled',
      'service-account.deleted',
    ]);
  });

  it('attack 1: nothing of another organization is listed, shown, owned or given a key', async () => {
    const account = await newAccount();
    const { actor: foreign } = await world.newTenant();
    const missing = { code: 'IDENTITY_SERVICE_ACCOUNT_NOT_FOUND' };
    await expect(createFor(account.id, {}, foreign)).rejects.toMatchObject(missing);
    await expect(new GetServiceAccount(world.deps).execute(foreign, account.id)).rejects.toMatchObject(missing);
    await expect(new DeleteServiceAccount(world.deps).execute(foreign, account.id)).rejects.toMatchObject(missing);
    expect((await new ListServiceAccounts(world.deps).execute(foreign, { limit: 10 })).items).toEqual([]);
    await expect(
      new CreateServiceAccount(world.deps).execute(foreign, { name: 'x', description: '', ownerId: admin.id }),
    ).rejects.toMatchObject({ code: 'IDENTITY_USER_NOT_FOUND' });
  });
});
