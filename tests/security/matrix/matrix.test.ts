import { readFileSync } from 'node:fs';
import path from 'node:path';
import { memberPermissions } from '@quantumvault/api';
import { decodeEvent } from '@quantumvault/tlog';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fingerprint, missingId } from '../../e2e/openapi.ts';
import { addOrganization, type Member } from '../../e2e/organizations.ts';
import { startTestServer, type TestServer } from '../../harness/server.ts';
import { countedRefusals } from '../counted-refusals.ts';
import { idsOf, makeBelongings } from './belongings.ts';
import { type Condition, makeConditions } from './conditions.ts';
import { type Answer, type MatrixOperation, readOperations } from './operations.ts';

// ACC-1, ACC-6, ACC-7, IFC-2, attack cases 1 and 2: every operation of the route table and of the GraphQL schema, under every
// condition in which somebody must not use it. Each request is right in all but who sends it, so that nothing else refuses it.

const parallel = 6;

/** Works through a list, so many at a time. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

/** Codes with their statuses, as the reference page has them. */
function documentedCodes(): ReadonlyMap<string, number> {
  const page = readFileSync(path.join(import.meta.dirname, '../../../docs/reference/errors.md'), 'utf8');
  return new Map(
    [...page.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)].map(([, code = '', status]) => [code, Number(status)]),
  );
}

interface Refusal {
  readonly outcome: string;
  readonly actor: string;
  readonly permission: unknown;
  readonly reason: string | undefined;
}

describe('the matrix of operations and conditions', () => {
  let server: TestServer;
  let operations: readonly MatrixOperation[];
  let conditions: readonly Condition[];
  let stranger: Member;
  let superuser: pg.Client;
  const codes = documentedCodes();

  beforeAll(async () => {
    server = await startTestServer({
      QV_RATE_LIMIT_PER_MINUTE: '1000000',
      QV_RATE_LIMIT_SIGN_IN_PER_MINUTE: '1000000',
      QV_RATE_LIMIT_COSTLY_PER_MINUTE: '1000000',
      QV_QUOTA_REQUESTS_PER_MINUTE: '100000000',
    });
    superuser = await server.database.superuser();
    operations = await readOperations(server);
    await makeBelongings(server);
    conditions = await makeConditions(server);
    stranger = await addOrganization(server, { name: 'Strangers', role: 'platform-admin' });
  }, 120_000);
  afterAll(async () => {
    await superuser.end();
    await server.stop();
  });

  // A connection runs one statement at a time.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(ask: () => Promise<T>): Promise<T> => {
    const asked = turn.then(ask);
    turn = asked.catch(() => undefined);
    return asked;
  };

  /** What the log says of a request, asked as soon as its answer is here: the event was durable before. */
  async function refusals({ requestId }: Answer): Promise<Refusal[]> {
    const { rows } = await inTurn(() =>
      superuser.query<{ event: Uint8Array }>(
        "SELECT event FROM audit_event WHERE request_id = $1 AND action = 'access.refused'",
        [requestId],
      ),
    );
    return rows.map(({ event }) => {
      const { outcome, actor, details, reason } = decodeEvent(event);
      return { outcome, actor: actor.id, permission: details.permission, reason: reason?.code };
    });
  }

  const isDocumented = (operation: MatrixOperation, { status, code }: Answer): boolean =>
    operation.documented.has(status) && code !== null && codes.get(code) === status;

  it('attack case 2: both transports are covered, and every operation names its permission', () => {
    const count = (transport: MatrixOperation['transport']) =>
      operations.filter((operation) => operation.transport === transport).length;
    expect(count('REST')).toBeGreaterThan(40);
    // All but streams and what needs cookies (tests/e2e/graphql.test.ts holds them to that).
    expect(count('GraphQL')).toBeGreaterThan(count('REST') - 10);
    expect(count('GraphQL stream')).toBeGreaterThanOrEqual(2);
  });

  it('ACC-1, ACC-6, ACC-7: every operation in every condition gives the documented answer, is audited, and changes nothing', async () => {
    const failures: string[] = [];
    const held = new Map<string, number>();
    let requests = 0;
    let refused401 = 0;
    const refusedBefore = await countedRefusals(superuser);
    for (const condition of conditions) {
      const before = await fingerprint(server);
      await each(operations, async (operation) => {
        const expected = condition.expected(operation.contract);
        if (expected === null) {
          held.set(condition.name, (held.get(condition.name) ?? 0) + 1);
          return;
        }
        requests += 1;
        const answer = await operation.send({ apiKey: condition.apiKey });
        const events = condition.actorId === null ? [] : await refusals(answer);
        const place = `${operation.transport} ${operation.name}, ${condition.name}`;
        const { status, code, detail } = answer;
        if (status !== expected.status || code !== expected.code || !isDocumented(operation, answer))
          failures.push(`${place}: ${status} ${code} ${detail}`);
        else if (expected.detail !== undefined && !detail.includes(expected.detail))
          failures.push(`${place}: does not say what is missing: ${detail}`);
        if (status === 401) refused401 += 1;
        const { permission } = operation.contract;
        const isAudited =
          condition.actorId === null ||
          (events.length === 1 &&
            events[0]?.outcome === 'refused' &&
            events[0].actor === condition.actorId &&
            // The permission of the contract is the one that the code demands.
            events[0].permission === permission);
        if (!isAudited) failures.push(`${place}: the log has ${JSON.stringify(events)}, not one of ${permission}`);
      });
      const after = await fingerprint(server);
      for (const table of Object.keys(before))
        if (before[table] !== after[table]) failures.push(`${condition.name}: the table ${table} has changed`);
    }
    expect(failures).toEqual([]);
    // Refusals before anybody is known are counted for each minute (AUD-1).
    await vi.waitFor(
      async () => expect(await countedRefusals(superuser)).toBeGreaterThanOrEqual(refusedBefore + refused401),
      {
        timeout: 15_000,
        interval: 500,
      },
    );
    const heldInAll = [...held.values()].reduce((sum, count) => sum + count, 0);
    console.log(
      `${operations.length} operations x ${conditions.length} conditions = ${operations.length * conditions.length}: ` +
        `${heldInAll} are held by the condition (every member or the role may), ${requests} requests, ${requests - failures.length} as documented`,
    );
  }, 300_000);

  it('attack case 1: every operation with an id of each kind of another organization answers as for an id of nothing', async () => {
    const failures: string[] = [];
    const ids = await idsOf(server, server.signIn.organizationId);
    expect(ids.size).toBeGreaterThan(15);
    const withId = operations.filter(({ hasId }) => hasId);
    let requests = 0;
    const before = await fingerprint(server);
    await each(withId, async (operation) => {
      const nothing = await operation.send({ apiKey: stranger.apiKey, id: missingId });
      const place = `${operation.transport} ${operation.name}`;
      // What no API key does is refused before anything is looked for; passkey-factor.test.ts asks for the things of others.
      const isForPeople = nothing.code === 'ACCESS_STEP_UP_REQUIRED' && operation.contract.stepUp === true;
      const reason = isForPeople ? 'STEP_UP_REQUIRED' : 'NOT_FOUND';
      if ((nothing.status !== 404 && !isForPeople) || !isDocumented(operation, nothing))
        failures.push(`${place}: an id of nothing: ${nothing.status} ${nothing.code} ${nothing.detail}`);
      for (const [kind, id] of ids) {
        requests += 1;
        const answer = await operation.send({ apiKey: stranger.apiKey, id });
        if (
          answer.status !== nothing.status ||
          answer.code !== nothing.code ||
          answer.comparable !== nothing.comparable
        )
          failures.push(`${place}, ${kind}: ${answer.status} ${answer.code} ${answer.comparable.slice(0, 200)}`);
        const events = await refusals(answer);
        if (events.length !== 1 || events[0]?.actor !== stranger.userId || events[0].reason !== reason)
          failures.push(`${place}, ${kind}: the log has ${JSON.stringify(events)}`);
      }
    });
    const after = await fingerprint(server);
    for (const table of Object.keys(before))
      if (before[table] !== after[table]) failures.push(`foreign ids: the table ${table} has changed`);
    expect(failures).toEqual([]);
    console.log(
      `${withId.length} operations x ${ids.size} ids of another organization = ${requests} requests, ${requests - failures.length} as documented`,
    );
  }, 300_000);

  it('ACC-6: what a role may is not refused to it', async () => {
    const failures: string[] = [];
    let requests = 0;
    for (const condition of conditions.filter(({ name }) => name.startsWith('role ')))
      await each(
        operations.filter(({ contract }) => contract.method === 'GET' && condition.expected(contract) === null),
        async (operation) => {
          // An endless answer has its own test (tests/e2e/graphql-streams.test.ts, approval-feed.test.ts).
          const isOfItems = operation.contract.watch !== 'changes';
          if (isOfItems && operation.transport === 'GraphQL stream') return;
          requests += 1;
          const { status, code } = await operation.send({ apiKey: condition.apiKey });
          if ([401, 403].includes(status) || status >= 500)
            failures.push(`${operation.transport} ${operation.name}, ${condition.name}: ${status} ${code}`);
        },
      );
    expect(failures).toEqual([]);
    expect(memberPermissions.length).toBeGreaterThan(0);
    console.log(`${requests} requests that a role may send: 0 refused`);
  }, 120_000);
});
