import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../kernel/actor.ts';
import { type AccessWorld, createAccessWorld, type Subject } from './access.test-support.ts';

let world: AccessWorld;
let adminSubject: Subject;
let admin: Actor;

beforeAll(async () => {
  world = await createAccessWorld();
  adminSubject = await world.subject([{ role: 'organization-admin' }]);
  admin = await adminSubject.actor();
});
afterAll(() => world.close());

const code = (expected: string) => expect.objectContaining({ code: expected });
const ask = { role: 'auditor', durationSeconds: 3_600, reason: 'the yearly audit' };
const emergency = { role: 'organization-admin', durationSeconds: 600, reason: 'the key server burns' };
const organization = () => ({ type: 'organization', id: admin.tenantId });
const refusals = async (actor: Actor): Promise<string[]> => {
  const rows = await world.sql<{ event: Uint8Array }>(
    "SELECT event FROM audit_event WHERE action = 'access.refused' AND actor_id = $1 ORDER BY id",
    [actor.id],
  );
  return rows.map(({ event }) => /ACCESS_[A-Z_]+/.exec(Buffer.from(event).toString('latin1'))?.[0] ?? '');
};
/** As if so many seconds had passed for the grant or request. */
const age = (table: 'access_grant' | 'access_request' | 'break_glass', column: string, where: string) =>
  world.sql(
    `UPDATE ${table} SET ${column} = now() - interval '1 second' WHERE ${table === 'break_glass' ? 'grant_id' : 'id'} = $1`,
    [where],
  );

describe('ACC-8: access for a time', () => {
  it('is asked for, approved by somebody else, used, and ends by itself; all of it in the log', async () => {
    const { use } = world;
    const subject = await world.subject();
    const asker = await subject.actor();
    const request = await use.request.execute(asker, ask);
    expect(request).toMatchObject({ status: 'pending', subjectId: subject.id, role: 'auditor', grantId: null });
    const approved = await use.approve.execute(admin, { id: request.id, reason: 'agreed' });
    expect(approved).toMatchObject({ status: 'approved', decidedBy: admin.id, decisionReason: 'agreed' });
    const grantId = approved.grantId ?? '';
    const grant = await use.getGrant.execute(admin, grantId);
    expect(grant).toMatchObject({ source: 'temporary', grantedBy: admin.id });
    expect(Date.parse(grant.expiresAt ?? '') - Date.parse(approved.decidedAt ?? '')).toBe(3_600_000);
    const user = await subject.actor();
    await world.authorize(user, 'audit.read', organization());
    await world.authorize(user, 'audit.read', organization());
    await age('access_grant', 'expires_at', grantId);
    await expect(world.authorize(await subject.actor(), 'audit.read', organization())).rejects.toEqual(
      code('ACCESS_DENIED'),
    );
    expect(await world.expiry.give()).toBe(1);
    expect(await world.expiry.give()).toBe(0);
    expect(await world.eventsOf(request.id)).toEqual(['access.requested', 'access.request-approved']);
    // Once used, however often; and the end.
    expect(await world.eventsOf(grantId)).toEqual(['grant.used', 'grant.expired']);
  });

  it('is not approved by who asked, by his account, by an account at all, or by who does not hold it', async () => {
    const { use } = world;
    const request = await use.request.execute(admin, ask);
    await expect(use.approve.execute(admin, { id: request.id })).rejects.toEqual(code('ACCESS_SELF_APPROVAL'));
    const bot = await world.subject([{ role: 'organization-admin' }]);
    await world.sql('INSERT INTO service_account (id, tenant_id, owner_id) VALUES ($1, $2, $3)', [
      bot.id,
      admin.tenantId,
      admin.id,
    ]);
    for (const changes of [{ kind: 'service-account' as const }, {}])
      await expect(use.approve.execute(await bot.actor(changes), { id: request.id })).rejects.toEqual(
        code('ACCESS_SELF_APPROVAL'),
      );
    // The other way round: an account asks, and its owner approves.
    const asked = await use.request.execute(await bot.actor({ kind: 'service-account' }), ask);
    await expect(use.approve.execute(admin, { id: asked.id })).rejects.toEqual(code('ACCESS_SELF_APPROVAL'));

    const other = await world.subject();
    const wide = await use.request.execute(await other.actor(), { ...ask, role: 'platform-admin' });
    await expect(use.approve.execute(admin, { id: wide.id })).rejects.toEqual(code('ACCESS_ESCALATION'));
    const nobody = await world.subject();
    await expect(use.approve.execute(await nobody.actor(), { id: wide.id })).rejects.toEqual(code('ACCESS_DENIED'));
    expect(
      await world.sql("SELECT id FROM access_request WHERE status <> 'pending' AND subject_id = ANY ($1)", [
        [admin.id, other.id, bot.id],
      ]),
    ).toEqual([]);
    expect(await refusals(admin)).toEqual(['ACCESS_SELF_APPROVAL', 'ACCESS_SELF_APPROVAL', 'ACCESS_ESCALATION']);
  });

  it('is decided once, also by two at once, not after it lapsed, and only its asker withdraws it', async () => {
    const { use } = world;
    const second = await (await world.subject([{ role: 'organization-admin' }])).actor();
    const subject = await world.subject();
    const asker = await subject.actor();
    const request = await use.request.execute(asker, ask);
    const outcomes = await Promise.allSettled([
      use.approve.execute(admin, { id: request.id }),
      use.approve.execute(second, { id: request.id }),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await world.sql('SELECT id FROM access_grant WHERE subject_id = $1', [subject.id])).toHaveLength(1);
    await expect(use.deny.execute(admin, { id: request.id, reason: 'too late' })).rejects.toEqual(
      code('ACCESS_REQUEST_DECIDED'),
    );

    const old = await use.request.execute(asker, ask);
    await age('access_request', 'lapses_at', old.id);
    await expect(use.approve.execute(admin, { id: old.id })).rejects.toEqual(code('ACCESS_REQUEST_LAPSED'));
    const third = await use.request.execute(asker, ask);
    await expect(use.withdraw.execute(admin, third.id)).rejects.toEqual(code('ACCESS_REQUEST_NOT_FOUND'));
    expect(await use.withdraw.execute(asker, third.id)).toMatchObject({ status: 'withdrawn' });
    const denied = await use.deny.execute(admin, { id: (await use.request.execute(asker, ask)).id, reason: 'not now' });
    expect(denied).toMatchObject({ status: 'denied', decisionReason: 'not now', grantId: null });
  });

  it('is seen by who asked and by who decides about its place', async () => {
    const { use, hierarchy } = world;
    const asker = await (await world.subject()).actor();
    const here = await use.request.execute(asker, { ...ask, place: { serviceId: hierarchy.payments } });
    const there = await use.request.execute(asker, { ...ask, place: { environmentId: hierarchy.staging } });
    const lead = await (
      await world.subject([{ role: 'organization-admin', column: 'environment_id', placeId: hierarchy.production }])
    ).actor();
    const ids = async (actor: Actor) =>
      (await use.listRequests.execute(actor, { limit: 200 })).items.map(({ id }) => id);
    expect(await ids(asker)).toEqual([there.id, here.id]);
    expect(await ids(lead)).toEqual([here.id]);
    expect(await ids(admin)).toEqual(expect.arrayContaining([here.id, there.id]));
    expect(await ids(await (await world.subject()).actor())).toEqual([]);
    await expect(use.approve.execute(lead, { id: there.id })).rejects.toEqual(code('ACCESS_DENIED'));
    expect(await use.approve.execute(lead, { id: here.id })).toMatchObject({ status: 'approved' });
  });
});

describe('ACC-8: break-glass', () => {
  it('takes effect at once, tells the other administrators, records every use, and awaits a review by somebody else', async () => {
    const { use } = world;
    const subject = await world.subject([{ role: 'operator' }]);
    const operator = await subject.actor();
    await expect(world.authorize(operator, 'user.suspend', organization())).rejects.toEqual(code('ACCESS_DENIED'));
    const broken = await use.breakGlass.execute(operator, emergency);
    expect(broken).toMatchObject({ role: 'organization-admin', verdict: null, overdue: false });
    await world.authorize(await subject.actor(), 'user.suspend', organization());
    await world.authorize(await subject.actor(), 'user.suspend', organization());
    expect(await world.eventsOf(broken.grantId)).toEqual(['access.glass-broken', 'grant.used', 'grant.used']);

    const { items } = await use.listNotices.execute(admin, { limit: 50 });
    const notice = items.find(({ resourceId }) => resourceId === broken.grantId);
    expect(notice).toMatchObject({ kind: 'break-glass', readAt: null });
    await use.readNotice.execute(admin, notice?.id ?? '');
    expect((await use.listNotices.execute(admin, { limit: 50 })).items[0]?.readAt).not.toBeNull();
    await expect(use.readNotice.execute(await (await world.subject()).actor(), notice?.id ?? '')).rejects.toEqual(
      code('ACCESS_NOTICE_NOT_FOUND'),
    );
    expect((await use.listNotices.execute(await subject.actor(), { limit: 50 })).items).toEqual([]);
    const messages = await world.sql<{ topic: string }>("SELECT topic FROM outbox WHERE topic = 'access.glass-broken'");
    expect(messages).not.toEqual([]);

    const review = { id: broken.grantId, verdict: 'unjustified', note: 'it did not burn' } as const;
    // With what was taken one may review, but not this.
    await expect(use.reviewBreakGlass.execute(await subject.actor(), review)).rejects.toEqual(
      code('ACCESS_SELF_APPROVAL'),
    );
    expect(await use.reviewBreakGlass.execute(admin, review)).toMatchObject({
      reviewedBy: admin.id,
      verdict: 'unjustified',
    });
    await expect(use.reviewBreakGlass.execute(admin, review)).rejects.toEqual(code('ACCESS_REVIEWED'));
    await expect(world.authorize(await subject.actor(), 'user.suspend', organization())).rejects.toEqual(
      code('ACCESS_DENIED'),
    );
  });

  it('hands nothing on, overrides no denial, and is not for who has a review overdue', async () => {
    const { use } = world;
    const subject = await world.subject([{ role: 'operator' }]);
    const broken = await use.breakGlass.execute(await subject.actor(), emergency);
    const friend = await world.subject();
    const give = { subjectId: friend.id, effect: 'allow', role: 'auditor' } as const;
    await expect(use.createGrant.execute(await subject.actor(), give)).rejects.toEqual(code('ACCESS_ESCALATION'));
    const denial = { subjectId: subject.id, effect: 'deny', role: 'organization-admin' } as const;
    await use.createGrant.execute(admin, denial);
    await expect(world.authorize(await subject.actor(), 'user.suspend', organization())).rejects.toEqual(
      code('ACCESS_DENIED'),
    );

    const late = await world.subject([{ role: 'operator' }]);
    const first = await use.breakGlass.execute(await late.actor(), emergency);
    await age('break_glass', 'review_due_at', first.grantId);
    await expect(use.breakGlass.execute(await late.actor(), emergency)).rejects.toEqual(code('ACCESS_REVIEW_OVERDUE'));
    const unreviewed = await use.listBreakGlass.execute(admin, { limit: 50, unreviewed: 'true' });
    expect(unreviewed.items.map(({ grantId, overdue }) => [grantId, overdue])).toEqual(
      expect.arrayContaining([
        [first.grantId, true],
        [broken.grantId, false],
      ]),
    );
    await use.reviewBreakGlass.execute(admin, { id: first.grantId, verdict: 'justified', note: 'it did burn' });
    await use.breakGlass.execute(await late.actor(), emergency);
  });

  it.each<[string, string[], object, string]>([
    ['who has no such permission', ['organization-user'], {}, 'ACCESS_DENIED'],
    ['a role of the platform', ['operator'], { role: 'platform-admin' }, 'ACCESS_EMERGENCY_ROLE'],
    ['a role that does not exist', ['operator'], { role: 'king' }, 'ACCESS_ROLE_NOT_FOUND'],
    [
      'a place that does not exist',
      ['operator'],
      { place: { projectId: '01920000-0000-7000-8000-000000000009' } },
      'ACCESS_PLACE_UNKNOWN',
    ],
  ])('is refused for %s', async (_, roles, changes, expected) => {
    const subject = await world.subject(roles.map((role) => ({ role })));
    await expect(world.use.breakGlass.execute(await subject.actor(), { ...emergency, ...changes })).rejects.toEqual(
      code(expected),
    );
    expect(await world.sql('SELECT grant_id FROM break_glass WHERE subject_id = $1', [subject.id])).toEqual([]);
  });

  it('is for people', async () => {
    const subject = await world.subject([{ role: 'operator' }]);
    const account = await subject.actor({ kind: 'service-account' });
    await expect(world.use.breakGlass.execute(account, emergency)).rejects.toEqual(code('ACCESS_EMERGENCY_PERSON'));
    expect(await refusals(account)).toEqual(['ACCESS_EMERGENCY_PERSON']);
  });
});
