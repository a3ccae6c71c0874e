import { secretAccess } from '@quantumvault/crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessOfPermissions, accessOfRoles } from '../../../kernel/access.test-support.ts';
import { compileAccess } from '../../../kernel/access.ts';
import type { Actor } from '../../../kernel/actor.ts';
import { systemClock } from '../../../kernel/clock.ts';
import { createIdentityWorld, type IdentityWorld, password, requestFrom } from '../identity.test-support.ts';
import { CancelInvitation } from '../invitations/cancel-invitation.ts';
import { InviteUser } from '../invitations/invite-user.ts';
import { invitationContext } from '../invitations/issue-invitation.ts';
import { RenewInvitation } from '../invitations/renew-invitation.ts';
import { GetUser } from './get-user.ts';
import { ListUsers } from './list-users.ts';
import { RenameSelf } from './rename-self.ts';
import { ResumeUser } from './resume-user.ts';
import { SuspendUser } from './suspend-user.ts';

let world: IdentityWorld;
let admin: Actor;

beforeAll(async () => {
  world = await createIdentityWorld();
  admin = await world.newUser('organization-admin');
});
afterAll(() => world.close());

const invite = (
  email: string,
  roles: ('auditor' | 'organization-admin' | 'platform-admin')[] = [],
  by: Actor = admin,
) => new InviteUser(world.deps).execute(by, { email, roles });
const join = (token: string, chosen = password, displayName = 'Somebody') =>
  world.joining.join({ token, password: chosen, displayName }, requestFrom('192.0.2.7'));
const get = (id: string) => new GetUser(world.deps).execute(admin, id);
const suspend = (id: string, by: Actor = admin) => new SuspendUser(world.deps).execute(by, { id, reason: 'left' });
const refusals = async (id: string): Promise<string[]> => {
  const rows = await world.sql<{ action: string }>(
    "SELECT action FROM audit_event WHERE resource_id = $1 AND outcome = 'refused' ORDER BY id",
    [id],
  );
  return rows.map(({ action }) => action);
};

describe('ACC-12: invite and join', () => {
  it('ACC-12: the token is shown once, kept as a hash, and makes an active member with the roles', async () => {
    const { user, token, expiresAt } = await invite('New@Example.org', ['auditor']);
    expect(token).toMatch(/^qvi_[a-z2-7]{12}_[A-Za-z0-9_-]{43}$/);
    expect(user).toMatchObject({ email: 'New@Example.org', status: 'invited', roles: ['auditor'], hasPassword: false });
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(71 * 3_600_000);
    expect(JSON.stringify(await get(user.id))).not.toContain(token.slice(-20));
    const rows = await world.sql<{ row: string }>(
      'SELECT to_jsonb(i)::text AS row FROM invitation i WHERE subject_id = $1',
      [user.id],
    );
    expect(rows[0]?.row).not.toContain(token.slice(-20));

    const joined = await join(token, password, 'New Person');
    expect(joined).toEqual({ userId: user.id, organizationId: admin.tenantId, email: 'New@Example.org' });
    expect(await get(user.id)).toMatchObject({
      status: 'active',
      displayName: 'New Person',
      hasPassword: true,
      invitation: null,
    });
    expect(await world.eventsOf(user.id)).toEqual(['role.assigned', 'user.invited', 'user.joined']);
    await expect(join(token)).rejects.toMatchObject({ code: 'IDENTITY_INVITATION_INVALID' });
  });

  it('ACC-12: the mailer gets the token as ciphertext that opens for its invitation alone', async () => {
    const { user, token } = await invite('mail@example.org');
    const [message] = await world.sql<{ payload: Record<string, unknown> & { token: Record<string, string> } }>(
      "SELECT payload FROM outbox WHERE topic = 'user.invited' AND payload->>'userId' = $1",
      [user.id],
    );
    expect(JSON.stringify(message)).not.toContain(token.slice(5));
    const { suite = '', wrapped = '', kekVersion = 0 } = message?.payload.token ?? {};
    const sealed = { suite, kekVersion: Number(kekVersion), bytes: new Uint8Array(Buffer.from(wrapped, 'base64')) };
    const open = (id: string) =>
      world.uow.read(admin.tenantId, (tx) => world.tenantKeys.unwrap(tx, invitationContext(id), sealed));
    using secret = await open(String(message?.payload.invitationId));
    expect(secret.open(secretAccess, (bytes) => Buffer.from(bytes).toString('utf8'))).toBe(token);
    await expect(open(user.id)).rejects.toMatchObject({ code: 'CRYPTO_AUTHENTICATION_FAILED' });
  });

  it('ACC-11: unknown, wrong, malformed, used, cancelled and expired tokens get one answer after the same work', async () => {
    const used = await invite('used@example.org');
    await join(used.token);
    const cancelled = await invite('cancelled@example.org');
    await new CancelInvitation(world.deps).execute(admin, cancelled.user.id);
    const expired = await invite('expired@example.org');
    await world.sql("UPDATE invitation SET expires_at = now() - interval '1 second' WHERE subject_id = $1", [
      expired.user.id,
    ]);
    const good = await invite('good@example.org');
    const wrong = `${good.token.slice(0, -5)}AAAAA`;
    const tokens = ['x', `qvi_${'a'.repeat(12)}_${'A'.repeat(43)}`, wrong, good.token.replace('qvi_', 'qv_')];
    const answers = new Set<string>();
    for (const token of [...tokens, used.token, cancelled.token, expired.token]) {
      const [before, counted] = [world.hashed(), world.refused.length];
      const error = await join(token, 'short').catch((thrown: unknown) => thrown);
      answers.add(`${Reflect.get(Object(error), 'code')} ${String(error)}`);
      expect([world.hashed() - before, world.refused.length - counted]).toEqual([1, 1]);
    }
    expect([...answers]).toHaveLength(1);
    expect([...answers][0]).toContain('IDENTITY_INVITATION_INVALID');
    await expect(join(good.token, 'short')).rejects.toMatchObject({ code: 'IDENTITY_PASSWORD_WEAK' });
    await expect(join(good.token, 'good@example.org')).rejects.toMatchObject({ code: 'IDENTITY_PASSWORD_WEAK' });
    await expect(join(good.token, 'ü'.repeat(600))).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    expect((await join(good.token)).userId).toBe(good.user.id);
  });

  it('ACC-12: of twenty who join with one token at once, one does', async () => {
    const { token, user } = await invite('race@example.org');
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => join(token)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await world.eventsOf(user.id)).filter((action) => action === 'user.joined')).toHaveLength(1);
  });

  it('ACC-12: inviting again voids the token before, and an address is invited once', async () => {
    const first = await invite('again@example.org', ['auditor']);
    await expect(invite('AGAIN@example.org')).rejects.toMatchObject({ code: 'IDENTITY_USER_EXISTS' });
    const second = await new RenewInvitation(world.deps).execute(admin, first.user.id);
    await expect(join(first.token)).rejects.toMatchObject({ code: 'IDENTITY_INVITATION_INVALID' });
    await join(second.token);
    expect((await get(first.user.id)).roles).toEqual(['auditor']);
    await expect(new RenewInvitation(world.deps).execute(admin, first.user.id)).rejects.toMatchObject({
      code: 'IDENTITY_USER_STATE',
    });
  });

  it('ACC-12: a cancelled invitation leaves no grant, and the person may be invited anew', async () => {
    const first = await invite('regret@example.org', ['organization-admin']);
    await new CancelInvitation(world.deps).execute(admin, first.user.id);
    expect(await get(first.user.id)).toMatchObject({ status: 'offboarded', roles: [], invitation: null });
    const second = await invite('regret@example.org');
    expect(second.user).toMatchObject({ id: first.user.id, status: 'invited', roles: [] });
    await join(second.token);
    expect(await get(first.user.id)).toMatchObject({ status: 'active', roles: [] });
  });

  it('ACC-6: nobody invites with a role that holds more than he may, and the refusal is recorded', async () => {
    await expect(invite('boss@example.org', ['platform-admin'])).rejects.toMatchObject({ code: 'ACCESS_ESCALATION' });
    const inviter = { ...admin, access: accessOfPermissions(['user.invite', 'user.read']) };
    await expect(invite('boss@example.org', ['auditor'], inviter)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect(await world.sql("SELECT FROM user_account WHERE email = 'boss@example.org'")).toEqual([]);
    expect((await invite('boss@example.org', [], inviter)).user.roles).toEqual([]);
    expect((await refusals(admin.tenantId)).length).toBeGreaterThanOrEqual(2);
  });

  it('ACC-6, ACC-8: who administers for an hour makes nobody an administrator for good', async () => {
    const [lasting] = accessOfRoles(['organization-admin']).grants;
    if (lasting === undefined) throw new Error('no grant');
    const conditions = { expiresAt: new Date(systemClock.now().getTime() + 3_600_000) };
    const forAnHour = { ...admin, access: compileAccess([{ ...lasting, conditions, source: 'temporary' }]) };
    await expect(invite('later@example.org', ['organization-admin'], forAnHour)).rejects.toMatchObject({
      code: 'ACCESS_ESCALATION',
    });
    expect(await world.sql("SELECT FROM user_account WHERE email = 'later@example.org'")).toEqual([]);
  });
});

describe('ACC-12: suspend and resume', () => {
  it('ACC-12: suspended and resumed, each once, each in the log', async () => {
    const user = await world.newUser('auditor');
    expect(await suspend(user.id)).toMatchObject({ status: 'suspended' });
    await expect(suspend(user.id)).rejects.toMatchObject({ code: 'IDENTITY_USER_STATE' });
    expect(await new ResumeUser(world.deps).execute(admin, { id: user.id })).toMatchObject({ status: 'active' });
    await expect(new ResumeUser(world.deps).execute(admin, { id: user.id })).rejects.toMatchObject({
      code: 'IDENTITY_USER_STATE',
    });
    expect(await world.eventsOf(user.id)).toEqual(expect.arrayContaining(['user.suspended', 'user.resumed']));
  });

  it('ACC-4, ACC-12: the sessions of who is suspended are over for good, also after the return', async () => {
    const user = await world.newUser('auditor');
    await world.sql(
      `INSERT INTO session (id, tenant_id, subject_id, transport, idle_seconds, ends_at, authenticated_at)
       SELECT gen_random_uuid(), $1, $2, 'token', 600, now() + interval '1 hour', now()
         FROM generate_series(1, 2)`,
      [admin.tenantId, user.id],
    );
    const live = () => world.sql('SELECT FROM session WHERE subject_id = $1 AND revoked_at IS NULL', [user.id]);
    expect(await live()).toHaveLength(2);
    await suspend(user.id);
    await new ResumeUser(world.deps).execute(admin, { id: user.id });
    expect(await live()).toEqual([]);
  });

  it('ACC-12: nobody suspends himself; the refusal is recorded and nothing changes', async () => {
    await world.newUser('organization-admin');
    await expect(suspend(admin.id)).rejects.toMatchObject({ code: 'IDENTITY_OWN_ACCOUNT' });
    expect(await get(admin.id)).toMatchObject({ status: 'active' });
    expect(await refusals(admin.id)).toEqual(['access.refused']);
  });

  it('ACC-12: the last active administrator stays, however many try at once', async () => {
    const { actor } = await world.newTenant();
    const [first, second] = [
      await world.newUser('organization-admin', actor),
      await world.newUser('organization-admin', actor),
    ];
    const outcomes = await Promise.allSettled([suspend(first.id, second), suspend(second.id, first)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(refused).toMatchObject({ reason: { code: 'IDENTITY_LAST_ADMINISTRATOR' } });
    expect([...(await refusals(first.id)), ...(await refusals(second.id))]).toEqual(['access.refused']);
  });

  it('ACC-12: an administrator whose grant ends by itself does not count as the one who is left', async () => {
    const { actor } = await world.newTenant();
    const [first, second] = [
      await world.newUser('organization-admin', actor),
      await world.newUser('organization-admin', actor),
    ];
    await world.sql("UPDATE access_grant SET expires_at = now() + interval '1 hour' WHERE subject_id = $1", [first.id]);
    await expect(suspend(second.id, first)).rejects.toMatchObject({ code: 'IDENTITY_LAST_ADMINISTRATOR' });
  });

  it('ACC-6: who administers the installation is suspended by no organization administrator', async () => {
    const { actor } = await world.newTenant();
    const [platform, other] = [
      await world.newUser('platform-admin', actor),
      await world.newUser('organization-admin', actor),
    ];
    await world.newUser('platform-admin', actor);
    await expect(suspend(platform.id, other)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    const boss = { ...other, access: accessOfRoles(['platform-admin']) };
    expect(await suspend(platform.id, boss)).toMatchObject({ status: 'suspended' });
  });
});

describe('ACC-12: listing', () => {
  it('ACC-12: by pages, status and beginning of the address; attack 1: nothing of another organization', async () => {
    const { actor } = await world.newTenant();
    const users = [];
    for (let index = 0; index < 5; index += 1)
      users.push(await world.newUser(index === 0 ? 'organization-admin' : null, actor));
    const reader = { ...actor, access: accessOfRoles(['auditor']) };
    const list = (query: object) => new ListUsers(world.deps).execute(reader, { limit: 2, ...query });
    const pages = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await list(cursor === undefined ? {} : { cursor });
      pages.push(page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(pages.flat()).toEqual(users.map(({ id }) => id));
    const [, second] = users;
    expect((await list({ emailPrefix: (second?.email ?? '').toUpperCase() })).items).toMatchObject([
      { id: second?.id },
    ]);
    expect((await list({ status: 'suspended' })).items).toEqual([]);
    await suspend(second?.id ?? '', users[0]);
    expect((await list({ status: 'suspended' })).items).toMatchObject([{ id: second?.id }]);
    await expect(new GetUser(world.deps).execute(reader, admin.id)).rejects.toMatchObject({
      code: 'IDENTITY_USER_NOT_FOUND',
    });
    await expect(suspend(admin.id, users[0])).rejects.toMatchObject({ code: 'IDENTITY_USER_NOT_FOUND' });
  });

  it('ACC-12: everybody changes the own name, and no other', async () => {
    const user = await world.newUser(null);
    expect(await new RenameSelf(world.deps).execute(user, 'Another Name')).toEqual({
      id: user.id,
      displayName: 'Another Name',
    });
    expect(await get(user.id)).toMatchObject({ displayName: 'Another Name' });
    await expect(new RenameSelf(world.deps).execute(world.actor, 'Nobody')).rejects.toMatchObject({
      code: 'IDENTITY_USERS_ONLY',
    });
  });
});
