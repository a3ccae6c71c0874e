import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ApprovalWorld, approve, type Person, problemOf } from '../security/approval-world.ts';
import { type Stream, subscribe, within } from './graphql-stream.ts';
import { composeFor } from './organizations.ts';

// ACC-9, IFC-2: an inbox follows requests for approval while it is open.

let world: ApprovalWorld;
let [alice, bob, carol] = [] as unknown as [Person, Person, Person];
const feed = 'subscription { listApprovals { id status changedAt } }';

beforeAll(async () => {
  world = await ApprovalWorld.start();
  [alice, bob, carol] = [await world.person('alice'), await world.person('bob'), await world.person('carol')];
  await world.demand('asset.archive', 2);
});
afterAll(() => world?.stop());

/** Subscribes, and waits until the first look, which is what was there before, is over. */
async function watch(person: Person, query: string): Promise<Stream> {
  const stream = await subscribe(world.server, query, person.apiKey);
  expect(stream.status).toBe(200);
  await new Promise((settle) => setTimeout(settle, 1_200));
  return stream;
}

interface Told {
  readonly id: string;
  readonly status: string;
  readonly changedAt: string;
}

const told = ({ messages }: Stream): Told[] => messages.map(({ data }) => data?.listApprovals as unknown as Told);
const steps = (stream: Stream, id: string): string[] =>
  told(stream)
    .filter((item) => item.id === id)
    .map(({ status }) => status);

describe('ACC-9: the feed of approvals', () => {
  it('ACC-9: brings each request that is new and each change of an old one, once, and not what was there', async () => {
    const old = await world.asked(alice);
    const stream = await watch(carol, feed);
    expect(told(stream)).toEqual([]);
    await approve(bob, old);
    await vi.waitFor(() => expect(steps(stream, old.id)).toEqual(['pending']), within(5_000));
    const fresh = await world.asked(alice);
    await vi.waitFor(() => expect(steps(stream, fresh.id)).toEqual(['pending']), within(5_000));
    await approve(carol, old);
    await vi.waitFor(() => expect(steps(stream, old.id).at(-1)).toBe('executed'), within(5_000));
    await alice.client.cancelApproval({ params: { id: fresh.id } });
    await vi.waitFor(() => expect(steps(stream, fresh.id).at(-1)).toBe('cancelled'), within(5_000));
    const seen = told(stream).map(({ id, changedAt }) => `${changedAt} ${id}`);
    expect(seen).toEqual([...new Set(seen)].sort());
    stream.close();
  });

  it('ACC-9: who may not decide is told of his own requests alone, from the moment on at which he may not', async () => {
    const user = await world.person('user');
    const own = await world.asked(user);
    const stream = await watch(user, feed);
    const before = await world.asked(alice);
    await vi.waitFor(() => expect(steps(stream, before.id)).toEqual(['pending']), within(5_000));
    // The role goes; what everybody has, reading what concerns oneself, stays.
    await world.sql.query('UPDATE access_grant SET revoked_at = now() WHERE subject_id = $1', [user.userId]);
    await new Promise((settle) => setTimeout(settle, 1_200));
    const others = await world.asked(alice);
    const decided = await watch(bob, `subscription { getApproval(id: "${others.id}") { status votes { decision } } }`);
    await approve(bob, others);
    await vi.waitFor(
      () =>
        expect(decided.messages.at(-1)?.data?.getApproval).toEqual({
          status: 'pending',
          votes: [{ decision: 'approve' }],
        }),
      within(5_000),
    );
    await alice.client.cancelApproval({ params: { id: before.id } });
    await user.client.cancelApproval({ params: { id: own.id } });
    await vi.waitFor(() => expect(steps(stream, own.id)).toEqual(['cancelled']), within(5_000));
    expect(told(stream).map(({ id }) => id)).toEqual([before.id, own.id]);
    const foreign = await subscribe(
      world.server,
      `subscription { getApproval(id: "${others.id}") { id } }`,
      user.apiKey,
    );
    await vi.waitFor(() => expect(foreign.isComplete()).toBe(true), within(5_000));
    expect(foreign.messages).toMatchObject([{ errors: [{ extensions: { code: 'APPROVALS_NOT_FOUND' } }] }]);
    await world.setStatus(user, 'suspended');
    await vi.waitFor(() => expect(stream.isComplete()).toBe(true), within(5_000));
    expect(stream.messages.at(-1)).toMatchObject({ errors: [{ extensions: { code: 'IDENTITY_UNAUTHENTICATED' } }] });
    for (const open of [decided, foreign]) open.close();
  });

  it('ACC-9: pages by change have every request once; a cursor that says no instant is refused', async () => {
    const [first] = [await world.asked(alice), await world.asked(alice), await world.asked(alice)];
    await approve(bob, first);
    const seen: { id: string; changedAt: string }[] = [];
    let cursor: string | undefined;
    do {
      const query = { order: 'changed' as const, limit: 2, ...(cursor === undefined ? {} : { cursor }) };
      const page = await bob.client.listApprovals({ query });
      seen.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen[0]?.id).toBe(first.id);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    const times = seen.map(({ changedAt }) => changedAt);
    expect(times).toEqual(times.toSorted().reverse());
    for (const instant of [-1, 1e300, 'then']) {
      const bad = Buffer.from(JSON.stringify([instant, first.id])).toString('base64url');
      expect(await problemOf(bob.client.listApprovals({ query: { order: 'changed', cursor: bad } }))).toMatchObject({
        code: 'REQUEST_CURSOR_INVALID',
      });
    }
  });

  it('ACC-9: a request that ran out is ended within a minute, told, recorded, and what was kept of its people is gone', async () => {
    const request = await world.asked(alice);
    const other = await world.asked(alice);
    await approve(bob, request);
    const stream = await watch(carol, feed);
    const facts = async () =>
      (await world.sql.query('SELECT 1 FROM approval_facts WHERE request_id = $1', [request.id])).rows.length;
    expect(await facts()).toBe(2);
    const { approvalExpiry } = await composeFor(world.server);
    await world.tamper('UPDATE approval_request SET expires_at = now() WHERE id = $1', [request.id]);
    // What every process does once a minute; the server's own may have come first.
    const ended = await Promise.all([approvalExpiry.end(), approvalExpiry.end()]);
    expect(ended.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(1);
    await vi.waitFor(() => expect(steps(stream, request.id)).toEqual(['expired']), within(5_000));
    expect(await facts()).toBe(0);
    expect(await world.count('approval.expired', request.id)).toBe(1);
    expect([await world.statusOf(request.id), await world.statusOf(other.id)]).toEqual(['expired', 'pending']);
    expect(await problemOf(approve(carol, request))).toMatchObject({ code: 'APPROVALS_EXPIRED' });
    stream.close();
  });

  it('ACC-9: no hand sets the time of a change, and two changes never share one', async () => {
    const { id } = await world.asked(alice);
    const times: number[] = [];
    for (let change = 0; change < 20; change += 1) {
      const { rows } = await world.sql.query<{ changed_at: Date }>(
        "UPDATE approval_request SET changed_at = '2000-01-01' WHERE id = $1 RETURNING changed_at",
        [id],
      );
      times.push(rows[0]?.changed_at.getTime() ?? 0);
    }
    expect(times.every((time, at) => at === 0 || time > (times[at - 1] ?? time))).toBe(true);
    expect(Math.min(...times)).toBeGreaterThan(Date.parse('2020-01-01'));
  });
});
