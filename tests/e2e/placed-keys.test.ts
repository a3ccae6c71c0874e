import { problemSchema, type QuantumVaultClient } from '@quantumvault/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApprovalWorld, approve, askedOf, type Person, problemOf } from '../security/approval-world.ts';

// ACC-2: what somebody does who has got hold of an administrator's key that is for one environment.

let world: ApprovalWorld;
let [alice, bob] = [] as unknown as [Person, Person];
let environmentId: string;
let placed: QuantumVaultClient;

beforeAll(async () => {
  world = await ApprovalWorld.start();
  [alice, bob] = [await world.person('alice'), await world.person('bob')];
  environmentId = (await alice.client.createEnvironment({ body: { name: 'shop', type: 'production' } })).id;
  const { secret } = await alice.client.createOwnApiKey({ body: { name: 'shop', environmentId } });
  placed = world.clientOf(secret);
});
afterAll(() => world?.stop());

const emergency = { role: 'auditor', durationSeconds: 600, reason: 'The key server burns' } as const;
const asset = {
  name: 'till',
  type: 'data-store',
  endpoint: 'postgres://till',
  sensitivity: 'internal',
  exposure: 'internal',
  dataLifetimeYears: 1,
} as const;
const refusal = async (work: Promise<unknown>) => (await problemOf(work)).code;

describe('ACC-2: a key for one environment', () => {
  it('ACC-8: asks for no role in the name of its owner, takes none in an emergency, and withdraws nothing', async () => {
    const own = await alice.client.requestAccess({ body: { ...emergency, role: 'custodian' } });
    expect(await refusal(placed.requestAccess({ body: { ...emergency, role: 'custodian' } }))).toBe('ACCESS_DENIED');
    expect(await refusal(placed.withdrawAccessRequest({ params: { id: own.id } }))).toBe('ACCESS_DENIED');
    expect(await refusal(placed.breakGlass({ body: { ...emergency, place: { environmentId } } }))).toBe(
      'ACCESS_DENIED',
    );
    const { items } = await alice.client.listAccessRequests({});
    expect(items.map(({ id, status }) => ({ id, status }))).toEqual([{ id: own.id, status: 'pending' }]);
    expect((await alice.client.listBreakGlass({})).items).toEqual([]);
  });

  it('ACC-8: reads no notice of its owner, and does not make it look as if he had read it', async () => {
    await bob.client.breakGlass({ body: emergency });
    const [notice] = (await alice.client.listAccessNotices({})).items;
    expect(notice).toMatchObject({ kind: 'break-glass', readAt: null });
    expect(await refusal(placed.listAccessNotices({}))).toBe('ACCESS_DENIED');
    expect(await refusal(placed.readAccessNotice({ params: { id: notice?.id ?? '' } }))).toBe('ACCESS_DENIED');
    expect((await alice.client.listAccessNotices({})).items[0]?.readAt).toBeNull();
  });

  it('ACC-9: ends and carries out what was asked for with it, and no other request of its owner', async () => {
    await world.demand('asset.archive', 1);
    const elsewhere = await world.asked(alice);
    expect(await refusal(placed.cancelApproval({ params: { id: elsewhere.id } }))).toBe('APPROVALS_NOT_REQUESTER');
    expect(await world.statusOf(elsewhere.id)).toBe('pending');
    await world.demand('audit.export', 1);
    const exporting = await world.server.request('GET', '/api/audit/export', { apiKey: alice.apiKey });
    const exported = askedOf(problemSchema.parse(await exporting.json()));
    expect(await approve(bob, exported)).toMatchObject({ execution: { outcome: 'waits-for-requester' } });
    expect(await refusal(placed.executeApproval({ params: { id: exported.id } }))).toBe('APPROVALS_NOT_REQUESTER');

    const { id: assetId } = await placed.createAsset({ body: { ...asset, environmentId } });
    const here = await world.askToArchive({ ...alice, client: placed }, assetId);
    expect(await placed.cancelApproval({ params: { id: here.id } })).toMatchObject({ status: 'cancelled' });
    const again = await world.askToArchive({ ...alice, client: placed }, assetId);
    expect(await approve(bob, again)).toMatchObject({ execution: { outcome: 'executed' } });
    await world.sql.query('DELETE FROM approval_policy');
  });

  it('ACC-2: changes no password, whatever it knows of it', async () => {
    const change = { currentPassword: 'a guess of many', newPassword: 'correct horse battery staple 9' };
    expect(await refusal(placed.changePassword({ body: change }))).toBe('IDENTITY_KEY_PLACED');
  });
});
