// ACC-9, attack case 3: the last two approvals of a request at once, and a process that dies between approval and effect.
// QV_FAULT_APPROVALS=1000 runs the full size; the default is a short one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApprovalWorld, approve, type Person } from '../security/approval-world.ts';

const rounds = Number(process.env.QV_FAULT_APPROVALS ?? 60);
/** Requests in the air at once; each of them has two racing approvers, and some a requester who says execute as well. */
const parallel = 8;

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

describe('attack case 3: race', () => {
  it(
    `ACC-9: two last approvals racing ${rounds} times execute ${rounds} times`,
    async () => {
      const assets: string[] = [];
      let [both, one] = [0, 0];
      const work = async (count: number): Promise<void> => {
        for (let round = 0; round < count; round += 1) {
          const request = await world.asked(alice);
          await approve(bob, request);
          // The requester does not wait to be told: he runs it as soon as it is approved, or too early.
          const racers = [approve(carol, request), approve(dave, request)];
          const eager =
            round % 3 === 0 ? alice.client.executeApproval({ params: { id: request.id } }) : Promise.resolve();
          const ends = await Promise.allSettled([...racers, eager]);
          const approvals = ends.slice(0, 2).filter(({ status }) => status === 'fulfilled').length;
          if (approvals === 2) both += 1;
          if (approvals === 1) one += 1;
          assets.push(request.assetId);
        }
      };
      const share = Math.floor(rounds / parallel);
      await Promise.all(
        Array.from({ length: parallel }, (_, at) => work(at === 0 ? rounds - share * (parallel - 1) : share)),
      );
      const { rows } = await world.sql.query<{ effects: string; executed: string; archived: string; requests: string }>(
        `SELECT (SELECT count(*) FROM audit_event WHERE action = 'asset.archived' AND resource_id = ANY ($1)) AS effects,
                (SELECT count(*) FROM audit_event WHERE action = 'approval.executed') AS executed,
                (SELECT count(*) FROM asset WHERE id = ANY ($1::uuid[]) AND archived_at IS NOT NULL) AS archived,
                (SELECT count(*) FROM approval_request WHERE status = 'executed') AS requests`,
        [assets],
      );
      const counted = Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, value]) => [name, Number(value)]));
      process.stdout.write(
        `approvals raced ${rounds} times: ${counted.effects} effects, ${counted.executed} executions, ` +
          `${counted.archived} archived; one of two let in ${one} times, both ${both} times\n`,
      );
      expect(counted).toEqual({ effects: rounds, executed: rounds, archived: rounds, requests: rounds });
      expect([one, both]).toEqual([rounds, 0]);
    },
    60_000 + rounds * 500,
  );
});
