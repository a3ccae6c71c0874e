import { decodeEvent } from '@quantumvault/tlog';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApprovalWorld, type Asked, approve, askedOf, type Person, problemOf } from './approval-world.ts';

// Attack case 3 (ACC-9): ways around approval, each against the real server over HTTP. Refused, audited, state unchanged.

let world: ApprovalWorld;
let [alice, bob, carol, dave] = [] as unknown as [Person, Person, Person, Person];

beforeAll(async () => {
  world = await ApprovalWorld.start();
  [alice, bob, carol, dave] = [
    await world.person('alice'),
    await world.person('bob'),
    await world.person('carol'),
    await world.person('dave'),
  ];
  await world.demand('asset.archive', 2);
});
afterAll(() => world?.stop());

/** Tries a decision that must be refused with this code, leave a trace, and leave everything as it was. */
async function refused(attempt: () => Promise<unknown>, { id, assetId }: Asked & { assetId: string }, code: string) {
  const [before, events] = [await world.statusOf(id), await world.count('approval.refused', id)];
  expect(await problemOf(attempt())).toMatchObject({ code });
  expect(await world.statusOf(id)).toBe(before);
  expect(await world.isArchived(assetId)).toBe(false);
  expect(await world.count('approval.refused', id)).toBe(events + 1);
}

describe('attack case 3: approvals', () => {
  it('ACC-9: what two others approve is done once, as who asked for it', async () => {
    const request = await world.asked(alice);
    // The same question again is the same request.
    expect(await world.askToArchive(alice, request.assetId)).toEqual({ id: request.id, planHash: request.planHash });
    expect(await approve(bob, request)).toMatchObject({ execution: null, approval: { status: 'pending' } });
    expect(await world.isArchived(request.assetId)).toBe(false);
    const last = await approve(carol, request);
    expect(last).toMatchObject({ execution: { outcome: 'executed', code: null }, approval: { status: 'executed' } });
    expect(await world.isArchived(request.assetId)).toBe(true);
    const { rows } = await world.sql.query(
      "SELECT actor_id FROM audit_event WHERE action = 'asset.archived' AND resource_id = $1",
      [request.assetId],
    );
    expect(rows).toEqual([{ actor_id: alice.userId }]);
    // From where people asked and voted is forgotten.
    expect((await world.sql.query('SELECT 1 FROM approval_facts WHERE request_id = $1', [request.id])).rows).toEqual(
      [],
    );
  });

  it('attack 3, self-approval: who asks does not decide, not even past the server', async () => {
    const request = await world.asked(alice);
    await refused(() => approve(alice, request), request, 'APPROVALS_OWN_REQUEST');
    await expect(
      world.sql.query(
        `INSERT INTO approval_vote (tenant_id, request_id, approver_id, decision, plan_hash)
         SELECT tenant_id, id, requester_id, 'approve', plan_hash FROM approval_request WHERE id = $1`,
        [request.id],
      ),
    ).rejects.toThrow('does not fit');
    await expect(
      world.sql.query("UPDATE approval_request SET status = 'approved' WHERE id = $1", [request.id]),
    ).rejects.toThrow('quorum');
    await approve(bob, request);
    expect(await world.isArchived(request.assetId)).toBe(false);
  });

  it('attack 3, changed plan: an approval is for one hash, and what is done must have it', async () => {
    const request = await world.asked(alice);
    const other = await world.asked(alice);
    await refused(() => approve(bob, { ...request, planHash: other.planHash }), request, 'APPROVALS_HASH_MISMATCH');
    await approve(bob, request);
    // The stored plan is replaced by somebody who has the database and switches its triggers off.
    await expect(
      world.sql.query(
        'UPDATE approval_request SET plan = (SELECT plan FROM approval_request WHERE id = $2) WHERE id = $1',
        [request.id, other.id],
      ),
    ).rejects.toThrow('never changes');
    await world.tamper(
      'UPDATE approval_request SET plan = (SELECT plan FROM approval_request WHERE id = $2) WHERE id = $1',
      [request.id, other.id],
    );
    const last = await approve(carol, request);
    expect(last.execution).toMatchObject({ outcome: 'failed', code: 'APPROVALS_PLAN_CHANGED' });
    expect([await world.isArchived(request.assetId), await world.isArchived(other.assetId)]).toEqual([false, false]);
    expect(await world.count('approval.failed', request.id)).toBe(1);
  });

  it('attack 3, changed plan: what the world has become since is not what was approved', async () => {
    await world.demand('policy.delete', 1);
    const { spec } = (await alice.client.listPolicies({ query: {} })).items[0] ?? expect.fail();
    const policy = await alice.client.createPolicy({ body: { name: 'to be deleted', spec } });
    const request = askedOf(await problemOf(alice.client.deletePolicy({ params: { id: policy.id } })));
    const change = { params: { id: policy.id }, body: { name: 'something else' } };
    await alice.client.updatePolicy(change, { ifMatch: '"1"' });
    const { execution } = await approve(bob, request);
    expect(execution).toMatchObject({ outcome: 'failed', code: 'APPROVALS_PLAN_CHANGED' });
    expect(await alice.client.getPolicy({ params: { id: policy.id } })).toMatchObject({ name: 'something else' });
    // The plan of today is another request.
    expect(askedOf(await problemOf(alice.client.deletePolicy({ params: { id: policy.id } }))).id).not.toBe(request.id);
  });

  it('attack 3, replay: an approval is used up by what it was for', async () => {
    const request = await world.asked(alice);
    await approve(bob, request);
    await approve(carol, request);
    const events = await world.count('asset.archived', request.assetId);
    expect(await problemOf(approve(dave, request))).toMatchObject({ code: 'APPROVALS_NOT_PENDING' });
    for (const by of [alice, bob]) {
      expect(await problemOf(by.client.executeApproval({ params: { id: request.id } }))).toMatchObject({
        code: 'APPROVALS_NOT_APPROVED',
      });
    }
    expect(await world.count('asset.archived', request.assetId)).toBe(events);

    await world.demand('audit.export', 1);
    const takeLog = () => alice.client.exportAudit({ query: {} });
    const first = askedOf(await problemOf(takeLog()));
    expect((await approve(bob, first)).execution).toMatchObject({ outcome: 'waits-for-requester' });
    // Nobody but the one who asked can use it, and he once.
    expect(askedOf(await problemOf(carol.client.exportAudit({ query: {} }))).id).not.toBe(first.id);
    const exported = await world.server.request('GET', '/api/audit/export', { apiKey: alice.apiKey });
    expect([exported.status, (await exported.text()).startsWith('{"format"')]).toEqual([200, true]);
    const second = askedOf(await problemOf(takeLog()));
    expect(second.id).not.toBe(first.id);
    // Within its time: what was approved and not fetched is gone, and has to be asked for again.
    await approve(bob, second);
    await world.tamper('UPDATE approval_request SET expires_at = now() WHERE id = $1', [second.id]);
    const third = askedOf(await problemOf(takeLog()));
    expect(third.id).not.toBe(second.id);
    expect(await world.statusOf(second.id)).toBe('expired');
    // Of what was asked for: the organization's log is not the installation's.
    const admin = world.clientOf(world.server.signIn.apiKey);
    const own = askedOf(await problemOf(admin.exportAudit({ query: {} })));
    expect((await approve(bob, own)).execution).toMatchObject({ outcome: 'waits-for-requester' });
    const all = askedOf(await problemOf(admin.exportAudit({ query: { scope: 'all' } })));
    expect(all.planHash).not.toBe(own.planHash);
    expect(await world.statusOf(own.id)).toBe('approved');
  });

  it('attack 3, revoked approver: only approvals of people who are entitled now count', async () => {
    const request = await world.asked(alice);
    await approve(bob, request);
    await world.setStatus(bob, 'suspended');
    expect(await approve(carol, request)).toMatchObject({ execution: null, approval: { status: 'pending' } });
    expect(await world.isArchived(request.assetId)).toBe(false);
    const { votes, missing } = await carol.client.getApproval({ params: { id: request.id } });
    expect(votes.map(({ counts }) => counts)).toEqual([false, true]);
    expect(missing).toEqual(['one approval']);
    expect(await approve(dave, request)).toMatchObject({ execution: { outcome: 'executed' } });
    await world.setStatus(bob, 'active');
  });

  it('attack 3, revoked approver: the right must be there when the plan is carried out', async () => {
    const request = await world.asked(alice);
    await approve(bob, request);
    // The first execution fails, so that there is a time between approval and execution.
    await world.setStatus(alice, 'suspended');
    expect((await approve(carol, request)).execution).toMatchObject({ code: 'APPROVALS_REQUESTER_GONE' });
    expect(await world.statusOf(request.id)).toBe('approved');
    await world.setStatus(alice, 'active');
    await world.sql.query('UPDATE access_grant SET revoked_at = now() WHERE subject_id = $1', [bob.userId]);
    const run = await carol.client.executeApproval({ params: { id: request.id } });
    expect(run.execution).toMatchObject({ outcome: 'failed', code: 'APPROVALS_QUORUM_LOST' });
    expect([await world.statusOf(request.id), await world.isArchived(request.assetId)]).toEqual(['pending', false]);
    await world.sql.query('UPDATE access_grant SET revoked_at = NULL WHERE subject_id = $1', [bob.userId]);
    // Bob's vote counts again; one more decision is needed to notice it.
    expect(await approve(dave, request)).toMatchObject({ execution: { outcome: 'executed' } });
  });

  it('attack 3, requester without the right: an approval gives nobody a right', async () => {
    const request = await world.asked(alice);
    await approve(bob, request);
    await world.sql.query('UPDATE access_grant SET revoked_at = now() WHERE subject_id = $1', [alice.userId]);
    expect((await approve(carol, request)).execution).toMatchObject({ outcome: 'failed', code: 'ACCESS_DENIED' });
    expect(await world.isArchived(request.assetId)).toBe(false);
    await world.sql.query('UPDATE access_grant SET revoked_at = NULL WHERE subject_id = $1', [alice.userId]);
    const run = await alice.client.executeApproval({ params: { id: request.id } });
    expect(run.execution).toMatchObject({ outcome: 'executed' });
  });

  it('attack 3, one person twice: a second decision is none, with whatever key', async () => {
    const request = await world.asked(alice);
    await approve(bob, request);
    await refused(() => approve(bob, request), request, 'APPROVALS_ALREADY_DECIDED');
    const again = { ...bob, client: world.clientOf(await world.secondKey(bob)) };
    expect((await again.client.whoAmI()).actorId).toBe(bob.userId);
    await refused(() => approve(again, request), request, 'APPROVALS_ALREADY_DECIDED');
    expect(await world.statusOf(request.id)).toBe('pending');
  });

  it('attack 3, duplicate identity: accounts of one mailbox are one person', async () => {
    const [aliceAgain, bobAgain] = [
      await world.person('alice2', 'Alice+approver@EXAMPLE.org'),
      await world.person('bob2', 'bob+2@example.org'),
    ];
    const request = await world.asked(alice);
    await refused(() => approve(aliceAgain, request), request, 'APPROVALS_SAME_PERSON');
    await approve(bob, request);
    await refused(() => approve(bobAgain, request), request, 'APPROVALS_ALREADY_DECIDED');
    expect(await world.statusOf(request.id)).toBe('pending');
  });

  it('attack 3, stolen key: what was asked for with a key that is revoked since is not carried out', async () => {
    await world.demand('asset.archive', 1);
    const thief: Person = { ...alice, client: world.clientOf(await world.secondKey(alice)) };
    const request = await world.asked(thief);
    await world.sql.query("UPDATE api_key SET revoked_at = now() WHERE subject_id = $1 AND name = 'second'", [
      alice.userId,
    ]);
    expect(await approve(bob, request)).toMatchObject({
      execution: { outcome: 'failed', code: 'APPROVALS_REQUESTER_GONE' },
    });
    expect(await world.isArchived(request.assetId)).toBe(false);
    expect(await world.count('approval.failed', request.id)).toBe(1);
    await world.demand('asset.archive', 2);
  });

  it('attack 3, stolen key: a vote with a key that is revoked since does not count', async () => {
    const request = await world.asked(alice);
    const thief: Person = { ...bob, client: world.clientOf(await world.secondKey(bob)) };
    await approve(thief, request);
    await world.sql.query("UPDATE api_key SET revoked_at = now() WHERE subject_id = $1 AND name = 'second'", [
      bob.userId,
    ]);
    expect(await approve(carol, request)).toMatchObject({ execution: null, approval: { status: 'pending' } });
    expect(await world.isArchived(request.assetId)).toBe(false);
    expect(await approve(dave, request)).toMatchObject({ execution: { outcome: 'executed' } });
  });

  it('attack 3, stolen session: what was asked for with a session that was taken back since is not carried out', async () => {
    await world.demand('asset.archive', 1);
    const email = 'erin@example.org';
    const erin = await world.person('erin', email);
    const password = 'marble+orchid 44 fjord~lamp';
    const { token } = await dave.client.createPasswordReset({ params: { id: erin.userId } });
    await world.anonymous().resetPassword({ body: { token, newPassword: password } });
    const signIn = async (): Promise<Person> => {
      const { accessToken } = await world.signIn(email, password);
      return { ...erin, client: world.clientOf(accessToken) };
    };
    const thief = await signIn();
    const request = await world.asked(thief);
    const own = await signIn();
    const other = await world.asked(own);
    // The session that somebody leaves by himself was his own; the other one was not.
    await own.client.signOut();
    await erin.client.revokeOtherSessions();
    expect(await approve(bob, request)).toMatchObject({
      execution: { outcome: 'failed', code: 'APPROVALS_REQUESTER_GONE' },
    });
    expect(await world.isArchived(request.assetId)).toBe(false);
    expect(await approve(bob, other)).toMatchObject({ execution: { outcome: 'executed' } });
    // Who asked may still want it.
    const again = await erin.client.executeApproval({ params: { id: request.id } });
    expect(again).toMatchObject({ execution: { outcome: 'executed' } });
    await world.demand('asset.archive', 2);
  });

  it('attack 3, duplicate identity: who answers for a service account does not approve what it asks, nor does it approve', async () => {
    const service = await world.person('service');
    await world.sql.query("UPDATE subject SET kind = 'service-account' WHERE id = $1", [service.userId]);
    await world.sql.query('DELETE FROM user_account WHERE id = $1', [service.userId]);
    await world.sql.query('INSERT INTO service_account (id, tenant_id, owner_id) VALUES ($1, $2, $3)', [
      service.userId,
      service.organizationId,
      bob.userId,
    ]);
    const request = await world.asked(service);
    await refused(() => approve(bob, request), request, 'APPROVALS_SAME_PERSON');
    const own = await world.asked(alice);
    await refused(() => approve(service, own), own, 'APPROVALS_PERSON_REQUIRED');
    // Whoever has made a key for it has seen the secret; once the key is revoked, he is another person again.
    const made = await world.secondKey(service);
    await world.sql.query("UPDATE api_key SET created_by = $1 WHERE name = 'second' AND subject_id = $2", [
      carol.userId,
      service.userId,
    ]);
    expect(made).toMatch(/^qv_/);
    await refused(() => approve(carol, request), request, 'APPROVALS_SAME_PERSON');
    await world.sql.query("UPDATE api_key SET revoked_at = now() WHERE name = 'second' AND subject_id = $1", [
      service.userId,
    ]);
    await approve(carol, request);
    expect(await approve(dave, request)).toMatchObject({ execution: { outcome: 'executed' } });
  });

  it('attack 3, duplicate identity: whoever could act for who asked when it was asked is no other person afterwards', async () => {
    const [maker, owner, next] = [await world.person('maker'), await world.person('owner'), await world.person('next')];
    const service = await world.person('robot');
    await world.sql.query("UPDATE subject SET kind = 'service-account' WHERE id = $1", [service.userId]);
    await world.sql.query('DELETE FROM user_account WHERE id = $1', [service.userId]);
    await world.sql.query('INSERT INTO service_account (id, tenant_id, owner_id) VALUES ($1, $2, $3)', [
      service.userId,
      service.organizationId,
      owner.userId,
    ]);
    await world.sql.query('UPDATE api_key SET created_by = $2 WHERE subject_id = $1', [service.userId, maker.userId]);
    await world.demand('asset.archive', 1);
    const request = await world.asked(service);
    // Both get rid of what made them one with the account, by what anybody may do who keeps accounts.
    await world.sql.query('UPDATE api_key SET revoked_at = now() WHERE subject_id = $1', [service.userId]);
    await world.sql.query('UPDATE service_account SET owner_id = $2 WHERE id = $1', [service.userId, next.userId]);
    for (const one of [maker, owner, next])
      await refused(() => approve(one, request), request, 'APPROVALS_SAME_PERSON');
    // The key that asked is gone, so nothing is done by itself; who asked may still want it, with another key.
    expect(await approve(await world.person('somebody-else'), request)).toMatchObject({
      execution: { outcome: 'failed', code: 'APPROVALS_REQUESTER_GONE' },
    });
    const again = world.clientOf(await world.secondKey(service));
    expect(await again.executeApproval({ params: { id: request.id } })).toMatchObject({
      execution: { outcome: 'executed' },
    });
    expect(await world.isArchived(request.assetId)).toBe(true);
    await world.demand('asset.archive', 2);
  });

  it('attack 3, expiry: neither a vote nor an execution after the time', async () => {
    const age = (id: string) =>
      world.tamper("UPDATE approval_request SET expires_at = now() - interval '1 second' WHERE id = $1", [id]);
    const request = await world.asked(alice);
    await approve(bob, request);
    const events = await world.count('approval.refused', request.id);
    await age(request.id);
    expect(await problemOf(approve(carol, request))).toMatchObject({ code: 'APPROVALS_EXPIRED' });
    expect(await world.isArchived(request.assetId)).toBe(false);
    expect(await world.count('approval.refused', request.id)).toBe(events + 1);
    expect((await bob.client.getApproval({ params: { id: request.id } })).status).toBe('expired');

    const granted = await world.asked(alice);
    await approve(bob, granted);
    await world.setStatus(alice, 'suspended');
    await approve(carol, granted);
    await world.setStatus(alice, 'active');
    await age(granted.id);
    expect(await problemOf(alice.client.executeApproval({ params: { id: granted.id } }))).toMatchObject({
      code: 'APPROVALS_EXPIRED',
    });
    // Asked again, it is a new request, and the old one is written off.
    expect((await world.askToArchive(alice, granted.assetId)).id).not.toBe(granted.id);
    expect([await world.statusOf(granted.id), await world.isArchived(granted.assetId)]).toEqual(['expired', false]);
  });

  it('attack 3, race: two last approvals at once carry the plan out once', async () => {
    for (let round = 0; round < 20; round += 1) {
      const request = await world.asked(alice);
      await approve(bob, request);
      const both = await Promise.allSettled([approve(carol, request), approve(dave, request)]);
      expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await world.count('asset.archived', request.assetId)).toBe(1);
      expect(await world.count('approval.executed', request.id)).toBe(1);
    }
  });

  it('ACC-9: a rejection ends a request, and who asked may take it back', async () => {
    const request = await world.asked(alice);
    await approve(bob, request);
    const params = { id: request.id };
    expect(await carol.client.rejectApproval({ params, body: { planHash: request.planHash } })).toMatchObject({
      approval: { status: 'rejected' },
      execution: null,
    });
    await refused(() => approve(dave, request), request, 'APPROVALS_NOT_PENDING');
    const again = await world.asked(alice);
    expect(await problemOf(bob.client.cancelApproval({ params: { id: again.id } }))).toMatchObject({
      code: 'APPROVALS_NOT_REQUESTER',
    });
    expect(await alice.client.cancelApproval({ params: { id: again.id } })).toMatchObject({ status: 'cancelled' });
    await refused(() => approve(bob, again), again, 'APPROVALS_NOT_PENDING');
  });
});

describe('attack case 3: ways around the approval of a grant', () => {
  it('ACC-9: other permissions for a role that somebody holds wait as a grant does; another description does not', async () => {
    const { id } = await alice.client.createRole({ body: { name: 'reader', permissions: ['asset.read'] } });
    const params = { id: id ?? '' };
    await world.demand('grant.create', 2);
    const etag = async () => ({ ifMatch: `"${(await alice.client.getRole({ params })).version}"` });
    const described = { params, body: { description: 'Reads what was found' } };
    await alice.client.updateRole(described, await etag());
    const widened = { params, body: { permissions: ['asset.read' as const, 'grant.create' as const] } };
    const asked = askedOf(await problemOf(alice.client.updateRole(widened, await etag())));
    expect(await approve(bob, asked)).toMatchObject({ execution: null });
    expect((await alice.client.getRole({ params })).permissions).toEqual(['asset.read']);
    expect(await approve(carol, asked)).toMatchObject({ execution: { outcome: 'executed' } });
    expect((await alice.client.getRole({ params })).permissions.toSorted()).toEqual(['asset.read', 'grant.create']);
    await world.sql.query("DELETE FROM approval_policy WHERE operation = 'grant.create'");
  });

  it('ACC-9: a role of the organization itself is asked for and given as a built-in one is', async () => {
    const { name } = await alice.client.createRole({ body: { name: 'clerk', permissions: ['asset.read'] } });
    await world.demand('grant.create', 1);
    const grant = alice.client.createGrant({ body: { subjectId: dave.userId, role: name } });
    expect(await approve(bob, askedOf(await problemOf(grant)))).toMatchObject({ execution: { outcome: 'executed' } });
    await world.sql.query("DELETE FROM approval_policy WHERE operation = 'grant.create'");
    expect((await dave.client.whoAmI()).roles).toContain('clerk');
  });

  it('ACC-9: another name for a role, which makes its holders approvers, waits as a grant of that role does', async () => {
    const make = (name: string) => alice.client.createRole({ body: { name, permissions: ['asset.read'] } });
    const [board, own] = [await make('board'), await make('helpers')];
    await world.demand('grant.create', 2);
    const rename = async (id: string | null, name: string) => {
      const params = { id: id ?? '' };
      const { version } = await alice.client.getRole({ params });
      return problemOf(alice.client.updateRole({ params, body: { name } }, { ifMatch: `"${version}"` }));
    };
    expect(await rename(board.id, 'former-board')).toMatchObject({ code: 'APPROVALS_REQUIRED' });
    expect(await rename(own.id, 'board-2')).toMatchObject({ code: 'APPROVALS_REQUIRED' });
    await world.sql.query("DELETE FROM approval_policy WHERE operation = 'grant.create'");
  });

  it('ACC-9: what is taken out of a role, also of one that somebody is denied, waits as the revocation of a grant does', async () => {
    const { id } = await alice.client.createRole({
      body: { name: 'forbidden', permissions: ['asset.read', 'asset.archive'] },
    });
    const params = { id: id ?? '' };
    await alice.client.createGrant({ body: { subjectId: dave.userId, effect: 'deny', role: 'forbidden' } });
    await world.demand('grant.revoke', 2);
    const { version } = await alice.client.getRole({ params });
    const emptied = { params, body: { permissions: ['asset.read' as const] } };
    const asked = askedOf(await problemOf(alice.client.updateRole(emptied, { ifMatch: `"${version}"` })));
    expect((await alice.client.getRole({ params })).permissions.toSorted()).toEqual(['asset.archive', 'asset.read']);
    expect(await approve(bob, asked)).toMatchObject({ execution: null });
    await world.sql.query("DELETE FROM approval_policy WHERE operation = 'grant.revoke'");
    await world.sql.query("UPDATE access_grant SET revoked_at = now() WHERE effect = 'deny'");
  });

  it('ACC-9: an invitation with roles, and access for a time by one colleague, are no ways around it', async () => {
    const waiting = await alice.client.inviteUser({ body: { email: 'waiting@example.org', roles: ['auditor'] } });
    await world.demand('grant.create', 2);
    expect(await problemOf(alice.client.renewInvitation({ params: { id: waiting.user.id } }))).toMatchObject({
      code: 'APPROVALS_DETOUR',
    });
    const roles = ['auditor'] as const;
    const invite = (email: string, given: readonly (typeof roles)[number][]) =>
      alice.client.inviteUser({ body: { email, roles: [...given] } });
    expect(await problemOf(invite('detour@example.org', roles))).toMatchObject({ code: 'APPROVALS_DETOUR' });
    const { rows } = await world.sql.query("SELECT 1 FROM user_account WHERE email = 'detour@example.org'");
    expect(rows).toEqual([]);
    const { rows: events } = await world.sql.query<{ event: Uint8Array }>(
      "SELECT event FROM audit_event WHERE action = 'access.refused' AND actor_id = $1 ORDER BY id DESC LIMIT 1",
      [alice.userId],
    );
    expect(events.map(({ event }) => decodeEvent(event).reason?.code)).toEqual(['APPROVALS_DETOUR']);
    // Without roles nobody gains anything by it.
    expect((await invite('plain@example.org', [])).user.roles).toEqual([]);

    const asked = await bob.client.requestAccess({
      body: { role: 'auditor', durationSeconds: 3600, reason: 'to look at the log' },
    });
    expect(await problemOf(carol.client.approveAccessRequest({ params: { id: asked.id }, body: {} }))).toMatchObject({
      code: 'APPROVALS_DETOUR',
    });
    expect((await world.sql.query("SELECT 1 FROM access_grant WHERE source = 'temporary'")).rows).toEqual([]);
    await world.sql.query("DELETE FROM approval_policy WHERE operation = 'grant.create'");
  });
});
