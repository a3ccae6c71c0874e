import {
  type ApprovalPlan,
  type EnvelopeSigner,
  formatSigner,
  formatSigningKeyFile,
  generateSigner,
  parseSigner,
  parseSigningKeyFile,
  signApproval,
  signContent,
  signerOfKey,
  verifyApproval,
} from '@quantumvault/envelope';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApprovalWorld, type Asked, approve, askedOf, type Person, problemOf } from '../security/approval-world.ts';

// ACC-9 from the outside: policies and what protects them, changes of rights, signatures, and who sees what.

let world: ApprovalWorld;
let [alice, bob, carol] = [] as unknown as [Person, Person, Person];

beforeAll(async () => {
  world = await ApprovalWorld.start();
  [alice, bob, carol] = [await world.person('alice'), await world.person('bob'), await world.person('carol')];
});
afterAll(() => world?.stop());

const set = (by: Person, body: Parameters<Person['client']['setApprovalPolicy']>[0]['body']) =>
  by.client.setApprovalPolicy({ body });
const policyOf = async (operation: string) =>
  (await alice.client.listApprovalPolicies()).items.find((item) => item.operation === operation)?.policy ?? null;

describe('ACC-9: policies', () => {
  it('ACC-9: nothing is under approval until an administrator says so, and then each change needs what it protects', async () => {
    const { items } = await alice.client.listApprovalPolicies();
    expect(items.length).toBeGreaterThan(10);
    expect(items.filter(({ policy }) => policy !== null)).toEqual([]);
    expect(await set(alice, { operation: 'asset.archive', quorum: 2 })).toMatchObject({ quorum: 2, version: 1 });

    // Lower, free, and any other policy: all of them wait for two others.
    const lower = askedOf(await problemOf(set(alice, { operation: 'asset.archive', quorum: 1 })));
    const free = askedOf(
      await problemOf(alice.client.removeApprovalPolicy({ params: { operation: 'asset.archive' } })),
    );
    const another = askedOf(await problemOf(set(alice, { operation: 'job.cancel', quorum: 1 })));
    expect(new Set([lower.id, free.id, another.id]).size).toBe(3);
    expect(await approveWith(bob, lower)).toMatchObject({ execution: null });
    expect(await policyOf('asset.archive')).toMatchObject({ quorum: 2 });
    expect(await approveWith(carol, lower)).toMatchObject({ execution: { outcome: 'executed' } });
    expect(await policyOf('asset.archive')).toMatchObject({ quorum: 1, version: 2 });

    // The plan to free it was about the version before: what two have not seen is not done.
    await approveWith(bob, free);
    const late = await approveWith(carol, free);
    expect(late).toMatchObject({ execution: { outcome: 'failed', code: 'APPROVALS_PLAN_CHANGED' } });
    expect(await policyOf('asset.archive')).not.toBeNull();
    const again = askedOf(
      await problemOf(alice.client.removeApprovalPolicy({ params: { operation: 'asset.archive' } })),
    );
    expect(await approveWith(bob, again)).toMatchObject({ execution: { outcome: 'executed' } });
    expect(await policyOf('asset.archive')).toBeNull();
  });

  it('ACC-9: a policy that nobody could ever lift is refused, and so are networks that are none', async () => {
    expect(await problemOf(set(alice, { operation: 'job.cancel', quorum: 20 }))).toMatchObject({
      code: 'APPROVALS_QUORUM_UNREACHABLE',
    });
    expect(
      await problemOf(set(alice, { operation: 'job.cancel', quorum: 1, approverRole: 'custodian' })),
    ).toMatchObject({ code: 'APPROVALS_QUORUM_UNREACHABLE' });
    expect(
      await problemOf(set(alice, { operation: 'job.cancel', quorum: 1, approverNetworks: ['10.0.0.1/8'] })),
    ).toMatchObject({ code: 'APPROVALS_NETWORK_INVALID' });
    expect(await problemOf(alice.client.removeApprovalPolicy({ params: { operation: 'job.cancel' } }))).toMatchObject({
      code: 'APPROVALS_POLICY_NOT_FOUND',
      status: 404,
    });
  });

  it('ACC-9: decisions from other networks, and without the reason that is demanded, are refused', async () => {
    await set(alice, { operation: 'asset.archive', quorum: 1, approverNetworks: ['10.0.0.0/8'] });
    const away = await world.asked(alice);
    expect(await problemOf(approveWith(bob, away))).toMatchObject({ code: 'APPROVALS_NETWORK_REFUSED' });
    const shown = await bob.client.getApproval({ params: { id: away.id } });
    expect(shown).toMatchObject({ mayDecide: false, whyNot: 'APPROVALS_NETWORK_REFUSED' });
    await world.sql.query("UPDATE approval_policy SET approver_networks = '{127.0.0.0/8}'");
    const here = await world.asked(alice);
    expect(await problemOf(approve(bob, here))).toMatchObject({ code: 'APPROVALS_REASON_REQUIRED' });
    expect(await approveWith(bob, here)).toMatchObject({ execution: { outcome: 'executed' } });
    await world.sql.query('DELETE FROM approval_policy');
  });
});

const approveWith = (by: Person, { id, planHash }: Asked) =>
  by.client.approveApproval({ params: { id }, body: { planHash, reason: 'Looked at it' } });

describe('ACC-9: people who leave', () => {
  it('ACC-9, ACC-12: an off-boarding waits for another, and ends what the one who leaves has asked', async () => {
    const [eve, frank] = [await world.person('eve'), await world.person('frank')];
    await world.demand('asset.archive', 1);
    const open = await world.asked(eve);
    const voted = await world.asked(alice);
    await world.sql.query("UPDATE approval_policy SET quorum = 2 WHERE operation = 'asset.archive'");
    expect(await approve(eve, voted)).toMatchObject({ execution: null });
    await world.demand('user.offboard', 1);
    const leave = askedOf(
      await problemOf(alice.client.offboardUser({ params: { id: eve.userId }, body: { reason: 'Has left' } })),
    );
    expect((await bob.client.getApproval({ params: { id: leave.id } })).summary).toContain('eve');
    expect(await approve(frank, leave)).toMatchObject({ execution: { outcome: 'executed' } });
    expect(await world.statusOf(open.id)).toBe('cancelled');
    // The vote of the one who left counts for nothing.
    expect(await approve(bob, voted)).toMatchObject({ execution: null, approval: { status: 'pending' } });
    expect(await approve(carol, voted)).toMatchObject({ execution: { outcome: 'executed' } });
    await world.sql.query('DELETE FROM approval_policy');
  });
});

describe('ACC-9: changes of rights', () => {
  it('ACC-9: a role is given once others have seen to whom, with what it holds', async () => {
    await world.demand('grant.create', 1);
    await world.demand('grant.revoke', 1);
    const dora = await world.person('dora');
    const give = () => alice.client.createGrant({ body: { subjectId: dora.userId, role: 'auditor' } });
    const request = askedOf(await problemOf(give()));
    const shown = await bob.client.getApproval({ params: { id: request.id } });
    expect(shown.summary).toContain('auditor');
    expect(shown.lines).toContain(`subjectId: ${dora.userId}`);
    expect(shown.lines.some((line) => line.endsWith(': audit.read'))).toBe(true);
    const { execution } = await approve(bob, request);
    expect(execution).toMatchObject({ outcome: 'executed', resultId: expect.any(String) });
    const grants = await alice.client.listGrants({ query: { subjectId: dora.userId } });
    expect(grants.items.map(({ id, role, grantedBy }) => ({ id, role, grantedBy }))).toContainEqual({
      id: execution?.resultId,
      role: 'auditor',
      grantedBy: alice.userId,
    });

    const revoke = askedOf(await problemOf(alice.client.revokeGrant({ params: { id: execution?.resultId ?? '' } })));
    expect((await bob.client.getApproval({ params: { id: revoke.id } })).summary).toBe(
      `Take the role auditor from ${shown.plan.subjectName}`,
    );
    expect(await approve(bob, revoke)).toMatchObject({ execution: { outcome: 'executed' } });
  });

  it('ACC-9: a custom role changes only as it was approved', async () => {
    await world.demand('role.update', 1);
    const role = await alice.client.createRole({ body: { name: 'readers', permissions: ['asset.read'] } });
    const params = { id: role.id ?? '' };
    const widen = () =>
      alice.client.updateRole(
        { params, body: { permissions: ['asset.read', 'asset.archive'] } },
        { ifMatch: `"${role.version}"` },
      );
    const request = askedOf(await problemOf(widen()));
    expect((await alice.client.getRole({ params })).permissions).toEqual(['asset.read']);
    expect(await approve(bob, request)).toMatchObject({ execution: { outcome: 'executed' } });
    expect((await alice.client.getRole({ params })).permissions).toContain('asset.archive');
    await world.sql.query('DELETE FROM approval_policy');
  });
});

async function newSigner(algorithm?: 'Ed25519' | 'ML-DSA-65' | 'ML-DSA-44'): Promise<EnvelopeSigner> {
  const [key] = parseSigningKeyFile(formatSigningKeyFile(await generateSigner(algorithm), '2026-01-01T00:00:00Z'));
  return signerOfKey(key ?? expect.fail());
}
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

async function register(by: Person, signer: EnvelopeSigner, subject = by.userId) {
  const text = formatSigner(signer.signer);
  const proof = await signContent([new TextEncoder().encode(text)], {
    tenant: by.organizationId,
    purpose: 'approver-key',
    context: { subject },
    createdAt: Date.now(),
    signer,
  });
  return by.client.registerApproverKey({ body: { signer: text, proof: base64(proof) } });
}

/** A signed decision of somebody, from the plan as the server shows it. */
async function signedBy(
  by: Person,
  signer: EnvelopeSigner,
  { id }: Asked,
  statedAt = Date.now(),
  approverId = by.userId,
) {
  const { operation, resource, plan, requester } = await by.client.getApproval({ params: { id } });
  const shown: ApprovalPlan = { tenant: by.organizationId, operation, resource, plan: plan as ApprovalPlan['plan'] };
  const statement = { plan: shown, requestId: id, requester, approverId, decision: 'approve' as const };
  return base64(await signApproval(statement, { signer, statedAt }));
}
const approveSigned = (by: Person, { id, planHash }: Asked, signature: string) =>
  by.client.approveApproval({ params: { id }, body: { planHash, signature } });

describe('ACC-9: signed approvals', () => {
  it('ACC-9: where signatures are demanded, only a fresh one by an own key over this request counts', async () => {
    await world.demand('asset.archive', 1, { signatureRequired: true });
    const [own, strange] = [await newSigner('ML-DSA-65'), await newSigner('Ed25519')];
    const key = await register(bob, own);
    const request = await world.asked(alice);
    const other = await world.asked(alice);
    expect(await problemOf(approve(bob, request))).toMatchObject({ code: 'APPROVALS_SIGNATURE_REQUIRED' });
    const wrong = {
      'a key that is not registered': await signedBy(bob, strange, request),
      'another request (replay)': await signedBy(bob, own, other),
      'an hour ago': await signedBy(bob, own, request, Date.now() - 3_600_000),
      'another person': await signedBy(bob, own, request, Date.now(), carol.userId),
      garbage: base64(new Uint8Array(200)),
    };
    for (const [what, signature] of Object.entries(wrong)) {
      const { code } = await problemOf(approveSigned(bob, request, signature));
      expect({ what, code }).toEqual({ what, code: 'APPROVALS_SIGNATURE_INVALID' });
    }
    expect(await approveSigned(bob, request, await signedBy(bob, own, request))).toMatchObject({
      execution: { outcome: 'executed' },
    });

    // What an outsider gets is enough to check it without the server.
    const evidence = await alice.client.getApprovalEvidence({ params: { id: request.id } });
    const [stated] = evidence.statements;
    const { tenant, operation, resource, plan, requester, requestId } = evidence;
    await verifyApproval(
      {
        plan: { tenant, operation, resource, plan: plan as ApprovalPlan['plan'] },
        requestId,
        requester,
        approverId: bob.userId,
        decision: 'approve',
      },
      { signature: Buffer.from(stated?.signature ?? '', 'base64'), signers: [parseSigner(stated?.signer ?? '')] },
    );

    await bob.client.withdrawApproverKey({ params: { id: key.id } });
    expect(await problemOf(approveSigned(bob, other, await signedBy(bob, own, other)))).toMatchObject({
      code: 'APPROVALS_SIGNATURE_INVALID',
    });
    await world.sql.query('DELETE FROM approval_policy');
  });

  it('ACC-9: a key is registered by who holds it, once, and of an algorithm for approvals', async () => {
    const signer = await newSigner('Ed25519');
    expect(await problemOf(register(carol, signer, bob.userId))).toMatchObject({ code: 'APPROVALS_KEY_INVALID' });
    expect(await problemOf(register(carol, await newSigner('ML-DSA-44')))).toMatchObject({
      code: 'APPROVALS_KEY_INVALID',
    });
    const key = await register(carol, signer);
    expect(key).toMatchObject({ algorithm: 'Ed25519', withdrawnAt: null });
    expect(await problemOf(register(bob, signer))).toMatchObject({ code: 'APPROVALS_KEY_EXISTS' });
    expect(await problemOf(bob.client.withdrawApproverKey({ params: { id: key.id } }))).toMatchObject({
      code: 'APPROVALS_KEY_NOT_FOUND',
    });
    expect((await carol.client.listApproverKeys()).items.map(({ id }) => id)).toEqual([key.id]);
  });
});

describe('ACC-6: explain', () => {
  it('ACC-6, ACC-9: says what waits for whom behind a permission, and names people to those alone who may read them', async () => {
    await world.sql.query('DELETE FROM approval_policy');
    // Who may decide by a role of the organization's own, and who holds another one.
    const [decider, other] = [await world.person('decider'), await world.person('other')];
    await world.sql.query('UPDATE access_grant SET revoked_at = now() WHERE subject_id = ANY ($1)', [
      [decider.userId, other.userId],
    ]);
    for (const [name, permission, { userId }] of [
      ['decides', 'approval.decide', decider],
      ['reads', 'asset.read', other],
    ] as const) {
      await alice.client.createRole({ body: { name, permissions: [permission] } });
      await alice.client.createGrant({ body: { subjectId: userId, role: name } });
    }
    await world.demand('grant.create', 2);
    await world.demand('role.update', 1, { signatureRequired: true });
    const explain = (
      by: Person,
      permission: 'grant.create' | 'role.update' | 'asset.scan' | 'asset.read',
      of?: Person,
    ) => by.client.explainAccess({ body: { permission, ...(of === undefined ? {} : { subjectId: of.userId }) } });
    const own = await explain(alice, 'grant.create');
    expect(own).toMatchObject({
      allowed: true,
      // A key, where no second factor is required.
      proof: { demand: null, standing: 'not-demanded' },
      approvals: [{ operation: 'grant.create', thresholds: [{ quorum: 2, approverRole: null }] }],
    });
    const ids = own.approvals?.[0]?.approvers?.map(({ id }) => id) ?? [];
    expect(ids).toEqual(expect.arrayContaining([bob.userId, carol.userId, decider.userId]));
    for (const nobody of [alice, other]) expect(ids).not.toContain(nobody.userId);
    expect((await explain(alice, 'role.update')).approvals).toMatchObject([{ signatureRequired: true }]);
    for (const free of ['asset.scan', 'asset.read'] as const)
      expect((await explain(alice, free)).approvals).toEqual([]);
    // Of somebody else: that one does not count, and whoever asks may.
    const ofBob = await explain(alice, 'grant.create', bob);
    expect(ofBob.proof).toEqual({ demand: 'STEP_UP_REQUIRED', standing: 'unknown' });
    const othersOfBob = ofBob.approvals?.[0]?.approvers?.map(({ id }) => id) ?? [];
    expect([othersOfBob.includes(alice.userId), othersOfBob.includes(bob.userId)]).toEqual([true, false]);
    // Who is off duty or may not decide is nobody to ask.
    await world.setStatus(carol, 'suspended');
    const now = (await explain(alice, 'grant.create')).approvals?.[0]?.approvers?.map(({ id }) => id) ?? [];
    expect(now).not.toContain(carol.userId);
    await world.setStatus(carol, 'active');

    const member = await world.person('member');
    await world.sql.query('UPDATE access_grant SET revoked_at = now() WHERE subject_id = $1', [member.userId]);
    expect(await explain(member, 'grant.create')).toMatchObject({ allowed: false, approvals: null });
    await world.sql.query("UPDATE access_grant SET revoked_at = NULL, role = 'operator' WHERE subject_id = $1", [
      member.userId,
    ]);
    await world.demand('scan.internal', 1);
    const scans = await explain(member, 'asset.scan');
    expect(scans.approvals).toMatchObject([{ operation: 'scan.internal', approvers: null }]);
    await world.sql.query('DELETE FROM approval_policy');
  });
});

describe('ACC-9: the inbox', () => {
  it('ACC-9: tells for each demand of a request who could meet it now, to whom the request is shown', async () => {
    await world.demand('asset.archive', 1);
    const request = await world.asked(alice);
    // A stricter policy of today is demanded beside that of the request.
    await alice.client.createRole({ body: { name: 'second-line', permissions: ['approval.decide'] } });
    await alice.client.createGrant({ body: { subjectId: bob.userId, role: 'second-line' } });
    await world.sql.query("UPDATE approval_policy SET approver_role = 'second-line'");
    const approvers = async (by: Person) => (await by.client.listApprovers({ params: { id: request.id } })).thresholds;
    const idsOf = (all: Awaited<ReturnType<typeof approvers>>, role: string | null) =>
      all.find(({ approverRole }) => approverRole === role)?.approvers.map(({ id }) => id);
    const found = await approvers(bob);
    expect(idsOf(found, null)).toEqual(expect.arrayContaining([bob.userId, carol.userId]));
    expect(idsOf(found, null)).not.toContain(alice.userId);
    expect(idsOf(found, 'second-line')).toEqual([bob.userId]);
    expect(found[0]?.approvers).toContainEqual({ id: bob.userId, name: 'bob@example.org', email: 'bob@example.org' });
    // A denial counts, as it would for a vote.
    const denial = { subjectId: carol.userId, effect: 'deny', role: 'second-line' } as const;
    const { id } = await alice.client.createGrant({ body: denial });
    expect(idsOf(await approvers(bob), null)).not.toContain(carol.userId);
    await alice.client.revokeGrant({ params: { id } });

    const reader = await world.person('reader');
    await world.sql.query("UPDATE access_grant SET role = 'organization-user' WHERE subject_id = $1", [reader.userId]);
    expect(await problemOf(approvers(reader))).toMatchObject({ code: 'ACCESS_DENIED' });
    await alice.client.createRole({ body: { name: 'directory', permissions: ['user.read'] } });
    await alice.client.createGrant({ body: { subjectId: reader.userId, role: 'directory' } });
    expect(await problemOf(approvers(reader))).toMatchObject({ code: 'APPROVALS_NOT_FOUND' });
    await world.sql.query('DELETE FROM approval_policy');
  });

  it('ACC-9: names nobody who could act for the one who asks when it was asked, as his vote would not count', async () => {
    await world.demand('asset.archive', 1);
    const { id: serviceAccountId } = await carol.client.createServiceAccount({ body: { name: 'archiver' } });
    await alice.client.createGrant({ body: { subjectId: serviceAccountId, role: 'organization-admin' } });
    const { key, secret } = await bob.client.createApiKey({ body: { serviceAccountId, name: 'archiver' } });
    const request = await world.asked({ ...bob, client: world.clientOf(secret) });
    await bob.client.revokeApiKey({ params: { id: key.id } });
    const { thresholds } = await alice.client.listApprovers({ params: { id: request.id } });
    const ids = thresholds[0]?.approvers.map(({ id }) => id);
    expect(ids).toContain(alice.userId);
    expect(ids).not.toContain(bob.userId);
    expect(await problemOf(approve(bob, request))).toMatchObject({ code: 'APPROVALS_SAME_PERSON' });
    await world.sql.query('DELETE FROM approval_policy');
  });

  it('ACC-9: deciders see what waits for them; others what they asked, and for all else nothing is there', async () => {
    await world.demand('asset.archive', 2);
    const request = await world.asked(alice);
    const inbox = async (by: Person, query: Parameters<Person['client']['listApprovals']>[0]) =>
      (await by.client.listApprovals(query)).items.map(({ id }) => id);
    expect(await inbox(bob, { query: { mine: 'to-decide' } })).toContain(request.id);
    expect(await inbox(alice, { query: { mine: 'to-decide' } })).not.toContain(request.id);
    expect(await inbox(alice, { query: { mine: 'requested', status: 'pending' } })).toContain(request.id);
    await approve(bob, request);
    expect(await inbox(bob, { query: { mine: 'to-decide' } })).not.toContain(request.id);
    expect(await inbox(bob, { query: { mine: 'decided' } })).toContain(request.id);

    const user = await world.person('user');
    await world.sql.query("UPDATE access_grant SET role = 'organization-user' WHERE subject_id = $1", [user.userId]);
    expect(await inbox(user, {})).toEqual([]);
    expect(await problemOf(user.client.getApproval({ params: { id: request.id } }))).toMatchObject({ status: 404 });
    expect(await problemOf(user.client.cancelApproval({ params: { id: request.id } }))).toMatchObject({ status: 404 });
    expect(await problemOf(approve(user, request))).toMatchObject({ code: 'ACCESS_DENIED' });
    const auditor = await world.person('auditor');
    await world.sql.query("UPDATE access_grant SET role = 'auditor' WHERE subject_id = $1", [auditor.userId]);
    expect(await inbox(auditor, {})).toContain(request.id);
    expect(await problemOf(approve(auditor, request))).toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('ACC-9: pages of the inbox have every request once, newest first', async () => {
    for (let number = 0; number < 7; number += 1) await world.asked(alice);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await bob.client.listApprovals({ query: { limit: 3, ...(cursor === undefined ? {} : { cursor }) } });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(seen.toSorted().reverse());
    expect(seen.length).toBeGreaterThanOrEqual(7);
  });
});
