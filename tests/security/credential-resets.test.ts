import { createClient } from '@quantumvault/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApprovalWorld, approve, type Person, problemOf } from './approval-world.ts';

// An administrator who resets somebody's credentials must not become more than he is, nor a second person. Each against the
// real server: refused, audited, nothing changed.

let world: ApprovalWorld;
beforeAll(async () => {
  world = await ApprovalWorld.start();
});
afterAll(() => world?.stop());

const password = (by: Person, of: { userId: string }) => by.client.createPasswordReset({ params: { id: of.userId } });
const factors = (by: Person, of: { userId: string }) =>
  by.client.resetUserFactors({ params: { id: of.userId }, body: { reason: 'lost telephone' } });

/** What a reset would change, of one person. */
async function stateOf({ userId }: { userId: string }) {
  const query = async (sql: string) => (await world.sql.query(sql, [userId])).rows;
  return {
    tokens: (await query('SELECT 1 FROM password_reset WHERE subject_id = $1')).length,
    apps: (await query('SELECT 1 FROM totp_factor WHERE subject_id = $1')).length,
    open: (await query('SELECT 1 FROM session WHERE subject_id = $1 AND revoked_at IS NULL')).length,
    notices: await query('SELECT kind, resource_id AS by FROM access_notice WHERE subject_id = $1 ORDER BY id'),
    resets: await query('SELECT kind, created_by AS by FROM credential_reset WHERE subject_id = $1 ORDER BY id'),
  };
}

const refusals = async (action: string, { userId }: { userId: string }): Promise<number> => {
  const { rows } = await world.sql.query(
    "SELECT 1 FROM audit_event WHERE action = $1 AND resource_id = $2 AND outcome = 'refused'",
    [action, userId],
  );
  return rows.length;
};

/** Somebody with an app and an open session, as rows: what is tested is whether they stay. */
async function equipped(person: Person): Promise<Person> {
  await world.sql.query(
    `INSERT INTO session (id, tenant_id, subject_id, transport, idle_seconds, authenticated_at, ends_at)
     VALUES (gen_random_uuid(), $1, $2, 'token', 3600, now(), now() + interval '1 day')`,
    [person.organizationId, person.userId],
  );
  await world.sql.query(
    `INSERT INTO totp_factor (tenant_id, subject_id, state, id, suite, wrapped, kek_version)
     VALUES ($1, $2, 'active', gen_random_uuid(), 'test', '\\x00', 1)`,
    [person.organizationId, person.userId],
  );
  return person;
}

/** Tries a reset that must be refused with this code, leave a trace, and leave everything as it was. */
async function refused(attempt: 'password' | 'factors', by: Person, of: Person, code: string): Promise<void> {
  const action = attempt === 'password' ? 'password.reset-created' : 'second-factor.reset';
  const [before, events] = [await stateOf(of), await refusals(action, of)];
  expect(await problemOf(attempt === 'password' ? password(by, of) : factors(by, of))).toMatchObject({ code });
  expect(await stateOf(of)).toEqual(before);
  expect(await refusals(action, of)).toBe(events + 1);
}

/** Gives a right with an end, or a custom role, past the server. */
async function grant(of: Person, role: string, more: { until?: string } = {}): Promise<void> {
  await world.sql.query(
    `INSERT INTO access_grant (id, tenant_id, subject_id, role, expires_at) VALUES (gen_random_uuid(), $1, $2, $3, $4)`,
    [of.organizationId, of.userId, role, more.until ?? null],
  );
}

describe('ACC-6: a reset gives nobody a right', () => {
  it('neither of both is reset of somebody who may something that the administrator may not', async () => {
    const [admin, root] = [await world.person('a1'), await equipped(await world.person('a2'))];
    await grant(root, 'platform-admin');
    await refused('password', admin, root, 'IDENTITY_USER_ABOVE_ACTOR');
    await refused('factors', admin, root, 'IDENTITY_USER_ABOVE_ACTOR');
  });

  it('a right that ends is not enough: it would come back through the other without its end', async () => {
    const [admin, root] = [await world.person('b1'), await equipped(await world.person('b2'))];
    await grant(root, 'platform-admin');
    await grant(admin, 'platform-admin', { until: '2100-01-01T00:00:00Z' });
    await refused('factors', admin, root, 'IDENTITY_USER_ABOVE_ACTOR');
    await grant(admin, 'platform-admin');
    expect(await factors(admin, root)).toEqual({ removed: 1 });
  });

  it('what the person held once and holds no more does not matter', async () => {
    const [admin, former] = [await world.person('c1'), await world.person('c2')];
    await grant(former, 'platform-admin', { until: '2000-01-01T00:00:00Z' });
    expect(await password(admin, former)).toMatchObject({ token: expect.stringMatching(/^qvp_/) });
  });

  it('an invitation that is made again gives its token to nobody who could not give its roles', async () => {
    const [admin, other] = [await world.person('k1'), await world.person('k2')];
    const lesser = await world.person('k3');
    // Whoever may invite and nothing else.
    const { name } = await admin.client.createRole({
      body: { name: 'recruiter', permissions: ['user.invite', 'user.read'] },
    });
    await world.sql.query('UPDATE access_grant SET revoked_at = now() WHERE subject_id = $1', [lesser.userId]);
    await admin.client.createGrant({ body: { subjectId: lesser.userId, role: name } });
    const { user } = await admin.client.inviteUser({
      body: { email: 'k4@example.org', roles: ['organization-admin'] },
    });
    const tokens = () => world.sql.query('SELECT id FROM invitation WHERE subject_id = $1 ORDER BY id', [user.id]);
    const before = (await tokens()).rows;
    const again = (by: Person) => by.client.renewInvitation({ params: { id: user.id } });
    expect(await problemOf(again(lesser))).toMatchObject({ code: 'ACCESS_ESCALATION' });
    expect((await tokens()).rows).toEqual(before);
    expect(await refusals('access.refused', { userId: user.id })).toBe(1);
    expect(await again(other)).toMatchObject({ token: expect.stringMatching(/^qvi_/) });
    const plain = await lesser.client.inviteUser({ body: { email: 'k5@example.org' } });
    expect(await lesser.client.renewInvitation({ params: { id: plain.user.id } })).toMatchObject({
      user: { roles: [] },
    });
  });

  it('a token that was made is dead while its maker is suspended or off-boarded', async () => {
    const [admin, person] = [await world.person('maker'), await world.person('reset')];
    const { token } = await password(admin, person);
    const anonymous = createClient({ url: world.server.url, http: fetch });
    const redeem = () => anonymous.resetPassword({ body: { token, newPassword: 'marble+orchid 44 fjord~lamp' } });
    const become = (status: string) =>
      world.sql.query('UPDATE subject SET status = $2 WHERE id = $1', [admin.userId, status]);
    for (const status of ['suspended', 'offboarded']) {
      await become(status);
      expect(await problemOf(redeem())).toMatchObject({ code: 'IDENTITY_RESET_REFUSED' });
    }
    // It was the maker and nothing else that stood in the way.
    await become('active');
    await redeem();
  });

  it('nobody resets his own credentials past the proofs that this needs', async () => {
    const admin = await equipped(await world.person('d1'));
    await refused('password', admin, admin, 'IDENTITY_OWN_ACCOUNT');
    expect(await problemOf(factors(admin, admin))).toMatchObject({ code: 'FACTORS_NOT_FOR_ONESELF' });
  });
});

describe('ACC-12: a reset is seen', () => {
  it('the sessions end, the person finds a notice that names who did it, and the log has all of it', async () => {
    const [admin, other] = [await world.person('e1'), await world.person('e2')];
    const person = await equipped(await world.person('e3'));
    await password(admin, person);
    expect(await stateOf(person)).toEqual({
      tokens: 1,
      apps: 1,
      open: 0,
      notices: [{ kind: 'password-reset', by: admin.userId }],
      resets: [{ kind: 'password', by: admin.userId }],
    });
    expect(await factors(other, person)).toEqual({ removed: 1 });
    const { items } = await person.client.listAccessNotices({});
    expect(items.map(({ kind, resourceId }) => [kind, resourceId])).toEqual([
      ['factors-reset', other.userId],
      ['password-reset', admin.userId],
    ]);
    const { rows } = await world.sql.query(
      "SELECT action, actor_id FROM audit_event WHERE resource_id = $1 AND action LIKE '%reset%' ORDER BY id",
      [person.userId],
    );
    expect(rows).toEqual([
      { action: 'password.reset-created', actor_id: admin.userId },
      { action: 'second-factor.reset', actor_id: other.userId },
    ]);
  });

  it('factors that are reset end the sessions too', async () => {
    const [admin, person] = [await world.person('f1'), await equipped(await world.person('f2'))];
    await factors(admin, person);
    expect(await stateOf(person)).toMatchObject({ apps: 0, open: 0 });
    const { rows } = await world.sql.query('SELECT revoked_reason FROM session WHERE subject_id = $1', [person.userId]);
    expect(rows).toEqual([{ revoked_reason: 'factors-reset' }]);
  });
});

describe('ACC-5: nobody replaces both what a person knows and what the person has', () => {
  it.each([
    ['password', 'factors'],
    ['factors', 'password'],
  ] as const)('who has reset the %s does not reset the %s; somebody else may', async (first, second) => {
    const [admin, other] = [await world.person(`g1-${first}`), await world.person(`g2-${first}`)];
    const person = await equipped(await world.person(`g3-${first}`));
    const reset = { password, factors };
    await reset[first](admin, person);
    await refused(second, admin, person, 'IDENTITY_RESET_BY_ANOTHER');
    // The same one again is no more than before.
    await reset[first](admin, person);
    await reset[second](other, person);
    await world.sql.query("UPDATE credential_reset SET created_at = created_at - interval '31 days'");
    await reset[second](admin, person);
  });

  it.each([
    ['password', 'factors'],
    ['factors', 'password'],
  ] as const)('nor by a service account of his own: the %s with it, the %s without', async (first, second) => {
    const admin = await world.person(`m1-${first}`);
    const robot = await world.robotOf(admin, `m2-${first}`);
    const person = await equipped(await world.person(`m3-${first}`));
    const reset = { password, factors };
    await reset[first](robot, person);
    await refused(second, admin, person, 'IDENTITY_RESET_BY_ANOTHER');
    await world.sql.query("UPDATE credential_reset SET created_at = created_at - interval '31 days'");
    await reset[first](admin, person);
    await refused(second, robot, person, 'IDENTITY_RESET_BY_ANOTHER');
    await reset[second](await world.person(`m4-${first}`), person);
  });

  it('nor both at once', async () => {
    const admin = await world.person('h1');
    for (let round = 0; round < 5; round += 1) {
      const person = await equipped(await world.person(`h2-${round}`));
      const both = await Promise.allSettled([password(admin, person), factors(admin, person)]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect((await stateOf(person)).resets).toHaveLength(1);
    }
  });
});

describe('ACC-9: two accounts of which one has reset the other are no two people', () => {
  it('neither approves what the other asks, until a month has passed', async () => {
    const [admin, person] = [await world.person('i1'), await world.person('i2')];
    await world.demand('asset.archive', 1);
    await password(admin, person);
    const asked = await world.asked(admin);
    expect(await problemOf(approve(person, asked))).toMatchObject({ code: 'APPROVALS_SAME_PERSON' });
    expect(await world.isArchived(asked.assetId)).toBe(false);
    const back = await world.asked(person);
    expect(await problemOf(approve(admin, back))).toMatchObject({ code: 'APPROVALS_SAME_PERSON' });
    await world.sql.query("UPDATE credential_reset SET created_at = created_at - interval '31 days'");
    await approve(person, asked);
    expect(await world.isArchived(asked.assetId)).toBe(true);
  });

  it('nor what a service account asks whose owner was reset', async () => {
    const [admin, owner] = [await world.person('l1'), await world.person('l2')];
    const service = await world.person('l3');
    await world.sql.query("UPDATE subject SET kind = 'service-account' WHERE id = $1", [service.userId]);
    await world.sql.query('DELETE FROM user_account WHERE id = $1', [service.userId]);
    await world.sql.query('INSERT INTO service_account (id, tenant_id, owner_id) VALUES ($1, $2, $3)', [
      service.userId,
      service.organizationId,
      owner.userId,
    ]);
    await world.demand('asset.archive', 1);
    await password(admin, owner);
    const asked = await world.asked(service);
    expect(await problemOf(approve(admin, asked))).toMatchObject({ code: 'APPROVALS_SAME_PERSON' });
    await approve(await world.person('l4'), asked);
    expect(await world.isArchived(asked.assetId)).toBe(true);
  });

  it('nor does a colleague whose password was reset by a service account of who asks', async () => {
    const [admin, email] = [await world.person('n1'), 'n2@example.org'];
    const person = await world.person('n2', email);
    await world.demand('asset.archive', 1);
    const robot = await world.robotOf(admin, 'n3');
    // One human being does all of this.
    const { token } = await password(robot, person);
    const chosen = 'marble+orchid 44 fjord~lamp';
    await world.anonymous().resetPassword({ body: { token, newPassword: chosen } });
    const { accessToken } = await world.signIn(email, chosen);
    const asPerson: Person = { ...person, client: world.clientOf(accessToken) };
    const asked = await world.asked(admin);
    expect(await problemOf(approve(asPerson, asked))).toMatchObject({ code: 'APPROVALS_SAME_PERSON' });
    expect(await world.isArchived(asked.assetId)).toBe(false);
  });

  it('nor do both count for a third', async () => {
    const [admin, person] = [await world.person('j1'), await world.person('j2')];
    await world.demand('asset.archive', 2);
    const asked = await world.asked(await world.person('j3'));
    await factors(admin, person);
    await approve(admin, asked);
    expect(await problemOf(approve(person, asked))).toMatchObject({ code: 'APPROVALS_ALREADY_DECIDED' });
    await approve(await world.person('j4'), asked);
    expect(await world.isArchived(asked.assetId)).toBe(true);
  });
});
