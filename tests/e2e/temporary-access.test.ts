import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApprovalWorld, type Person, problemOf } from '../security/approval-world.ts';

// ACC-8 from the outside: who counts as another person than the one who asks.

let world: ApprovalWorld;
let [alice, bob, carol] = [] as unknown as [Person, Person, Person];

beforeAll(async () => {
  world = await ApprovalWorld.start();
  [alice, bob, carol] = [await world.person('alice'), await world.person('bob'), await world.person('carol')];
});
afterAll(() => world?.stop());

const ask = { role: 'auditor', durationSeconds: 600, reason: 'the yearly audit' } as const;

describe('ACC-8: whoever approves is another person', () => {
  it('ACC-8: than whoever made the key of the account that asks, also when the key was revoked since', async () => {
    const { id: serviceAccountId } = await bob.client.createServiceAccount({ body: { name: 'builder' } });
    const { key, secret } = await alice.client.createApiKey({ body: { serviceAccountId, name: 'builder' } });
    const request = await world.clientOf(secret).requestAccess({ body: ask });
    const approve = (by: Person) => by.client.approveAccessRequest({ params: { id: request.id }, body: {} });
    expect(await problemOf(approve(alice))).toMatchObject({ code: 'ACCESS_SELF_APPROVAL' });
    expect(await problemOf(approve(bob))).toMatchObject({ code: 'ACCESS_SELF_APPROVAL' });
    await alice.client.revokeApiKey({ params: { id: key.id } });
    expect(await problemOf(approve(alice))).toMatchObject({ code: 'ACCESS_SELF_APPROVAL' });
    expect(await approve(carol)).toMatchObject({ status: 'approved', decidedBy: carol.userId });
  });

  it('ACC-8: than whoever has another account of the same mailbox', async () => {
    const twin = await world.person('alice again', 'Alice+audit@example.org');
    const { id } = await twin.client.requestAccess({ body: ask });
    const approve = (by: Person) => by.client.approveAccessRequest({ params: { id }, body: {} });
    expect(await problemOf(approve(alice))).toMatchObject({ code: 'ACCESS_SELF_APPROVAL' });
    expect(await approve(bob)).toMatchObject({ status: 'approved' });
  });
});
