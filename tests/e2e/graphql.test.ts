import { routes as contracts, type RouteContract } from '@quantumvault/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../harness/server.ts';
import { answerOf, askGraphql, type GraphqlReply } from './graphql.ts';
import { addMember, type Member } from './organizations.ts';

describe('IFC-2: GraphQL', () => {
  let server: TestServer;
  let auditor: Member;
  const ask = (query: string, variables?: object, apiKey?: string | null): Promise<GraphqlReply> =>
    askGraphql(server, { query, ...(variables === undefined ? {} : { variables }) }, apiKey);
  const asset = { name: 'ledger', type: 'data-store', endpoint: 'postgres://ledger', tags: ['a', 'b'] };
  const create = `mutation ($body: CreateAssetBodyInput!, $key: String) {
    createAsset(body: $body, idempotencyKey: $key) { id name tags version risk { score band } encryptionProfile { __typename } }
  }`;

  beforeAll(async () => {
    server = await startTestServer({ QV_RATE_LIMIT_PER_MINUTE: '1000000' });
    auditor = await addMember(server, server.signIn.organizationId, 'auditor');
  });
  afterAll(() => server.stop());

  it('IFC-2: every route of the contract is a field, or the schema says why it cannot be one', async () => {
    const reply = await ask(
      '{ __schema { queryType { description fields { name } } mutationType { fields { name } } subscriptionType { fields { name } } } }',
    );
    type Root = { description?: string; fields: { name: string }[] };
    const schema = answerOf<Record<'queryType' | 'mutationType' | 'subscriptionType', Root>>(reply, '__schema');
    const absent = new Map(
      [...(schema.queryType.description ?? '').matchAll(/^(\w+): (.+)\.$/gm)].map(([, id, reason]) => [id, reason]),
    );
    const list: readonly RouteContract[] = Object.values(contracts);
    const present = list.filter(({ id }) => !absent.has(id));
    const names = (root: Root) => root.fields.map(({ name }) => name).sort();
    const ids = (fitting: (contract: RouteContract) => boolean) =>
      present
        .filter(fitting)
        .map(({ id }) => id)
        .sort();
    expect(names(schema.queryType)).toEqual(ids(({ method }) => method === 'GET'));
    expect(names(schema.mutationType)).toEqual(ids(({ method }) => method !== 'GET'));
    expect(names(schema.subscriptionType)).toEqual(ids(({ watch }) => watch !== undefined));
    // Only what leads to a session may need cookies; whatever else became absent was lost by mistake.
    const lost = list.filter(({ id, auth, success, path }) => {
      const isNeeded = auth === 'actor' && success.mediaType === undefined && !path.startsWith('/api/auth/');
      return isNeeded && absent.has(id);
    });
    expect(lost.map(({ id }) => id)).toEqual([]);
  });

  it('IFC-2: a mutation and a query have the effect and the answer of their routes', async () => {
    const made = await ask(create, { body: asset });
    expect(made.errors).toBeUndefined();
    const created = answerOf<{ id: string; version: number }>(made, 'createAsset');
    const { data } = await ask(
      'query ($id: String!) { getAsset(id: $id) { id name type version risk { score } tags } }',
      {
        id: created.id,
      },
    );
    const rest = await server.client.getAsset({ params: { id: created.id } });
    expect(data?.getAsset).toEqual({
      id: rest.id,
      name: rest.name,
      type: rest.type,
      version: rest.version,
      risk: { score: rest.risk.score },
      tags: rest.tags,
    });
    const changed = await ask(
      'mutation ($id: String!) { classifyAsset(id: $id, ifMatch: 1, body: {sensitivity: "restricted"}) { version sensitivity } }',
      { id: created.id },
    );
    expect(changed.data?.classifyAsset).toEqual({ version: created.version + 1, sensitivity: 'restricted' });
    const stale = await ask(
      'mutation ($id: String!) { classifyAsset(id: $id, ifMatch: 1, body: {sensitivity: "public"}) { version } }',
      { id: created.id },
    );
    expect(stale.errors?.[0]?.extensions).toMatchObject({ code: 'REQUEST_ETAG_MISMATCH', status: 412 });
    expect((await ask('mutation ($id: String!) { archiveAsset(id: $id) }', { id: created.id })).data).toEqual({
      archiveAsset: true,
    });
  });

  it('IFC-2: pages take limit and cursor as numbers and text, and unions come as JSON', async () => {
    for (const name of ['one', 'two', 'three'])
      await ask(create, { body: { ...asset, name, endpoint: `postgres://${name}` } });
    const first = await ask('{ listAssets(limit: 2) { items { name } nextCursor } }');
    const page = answerOf<{ items: unknown[]; nextCursor: string }>(first, 'listAssets');
    expect(page.items).toHaveLength(2);
    const next = await ask('query ($c: String) { listAssets(limit: 1, cursor: $c) { items { name } } }', {
      c: page.nextCursor,
    });
    expect(answerOf<{ items: { name: string }[] }>(next, 'listAssets').items[0]?.name).toBe('one');
    const events = await ask('{ listAudit(limit: 1) { items { action details actor { kind } } } }');
    const [event] = answerOf<{ items: { details: unknown }[] }>(events, 'listAudit').items;
    expect(typeof event?.details).toBe('object');
  });

  it('IFC-2: a repetition by either interface is one request: one effect, one answer, and 422 for another body', async () => {
    const body = { ...asset, name: 'once', endpoint: 'postgres://once' };
    const once = await ask(create, { body, key: 'graphql-once' });
    const again = await ask(create, { body, key: 'graphql-once' });
    expect(again.data).toEqual(once.data);
    const rest = await server.request('POST', '/api/assets/manual', {
      body,
      headers: { 'idempotency-key': 'graphql-once' },
    });
    expect(((await rest.json()) as { id: string }).id).toBe(answerOf<{ id: string }>(once, 'createAsset').id);
    const other = await ask(create, { body: { ...body, name: 'else' }, key: 'graphql-once' });
    expect(other.errors?.[0]?.extensions).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', status: 422 });
  });

  it('IFC-2, IFC-1: errors carry the code, the status and the field of REST, and never the value', async () => {
    const cases = [
      [create, { body: { ...asset, name: '' } }, 'body.name'],
      [create, { body: { ...asset, sensitivity: 'my-secret' } }, 'body.sensitivity'],
      [create, { body: { ...asset, isAdmin: 'my-secret' } }, 'variables.body'],
      [create, { body: { ...asset, tags: [{ secret: 'my-secret' }] } }, 'variables.body.tags.0'],
      ['{ listAssets(limit: 100000) { nextCursor } }', undefined, 'query.limit'],
      ['query ($id: String!) { getAsset(id: $id) { id } }', { id: 'my-secret' }, 'params.id'],
      ['{ getAsset(id: 5) { id } }', undefined, 'query, line 1, column 16'],
    ] as const;
    for (const [query, variables, path] of cases) {
      const { errors, text } = await ask(query, variables);
      const extensions = errors?.[0]?.extensions;
      expect(extensions).toMatchObject({ code: 'REQUEST_INVALID', status: 400 });
      expect(extensions?.errors?.map((field) => field.path)).toContain(path);
      expect(text).not.toContain('my-secret');
    }
  });

  it('ACC-1, AUD-1: a field that the actor may not ask for is refused as in REST, audited, and leaves its neighbours', async () => {
    const query = '{ whoAmI { actorId } getStatus { version } }';
    const both = await ask(
      `mutation { createAsset(body: {name: "x", type: "data-store", endpoint: "y"}) { id } }`,
      {},
      auditor.apiKey,
    );
    expect(both.data).toEqual({ createAsset: null });
    expect(both.errors?.[0]).toMatchObject({
      path: ['createAsset'],
      extensions: { code: 'ACCESS_DENIED', status: 403 },
    });
    const superuser = await server.database.superuser();
    const events = await superuser.query('SELECT action, outcome, actor_id FROM audit_event WHERE request_id = $1', [
      both.requestId,
    ]);
    await superuser.end();
    expect(events.rows).toEqual([{ action: 'access.refused', outcome: 'refused', actor_id: auditor.userId }]);
    expect((await ask(query, undefined, auditor.apiKey)).data).toMatchObject({ whoAmI: { actorId: auditor.userId } });
  });

  it('IFC-2: one document may hold several operations, of which one is run, and several fields with fragments', async () => {
    const document = `
      query A { listPolicies(limit: 1) { ...page } }
      query B { one: whoAmI { actorId } two: listJobs { nextCursor } }
      fragment page on PolicyPage { items { id @include(if: true) name @skip(if: true) } }`;
    const a = await askGraphql(server, { query: document, operationName: 'A' });
    const [policy] = answerOf<{ items: object[] }>(a, 'listPolicies').items;
    expect(Object.keys(policy ?? {})).toEqual(['id']);
    const b = await askGraphql(server, { query: document, operationName: 'B' });
    expect(Object.keys(b.data ?? {})).toEqual(['one', 'two']);
    const none = await askGraphql(server, { query: document });
    expect(none.errors?.[0]?.extensions.code).toBe('GRAPHQL_INVALID');
  });

  it('IFC-2: a server may keep its schema to itself', async () => {
    const silent = await startTestServer({ QV_GRAPHQL_INTROSPECTION: 'off' });
    const asked = await askGraphql(silent, { query: '{ __schema { types { name } } }' });
    const guessed = await askGraphql(silent, { query: '{ whoAm { actorId } }' });
    const used = await askGraphql(silent, { query: '{ whoAmI { __typename actorId } }' });
    await silent.stop();
    expect(asked.errors?.[0]?.extensions).toMatchObject({ code: 'GRAPHQL_INTROSPECTION_OFF', status: 403 });
    expect(guessed.text).not.toContain('whoAmI');
    expect(used.errors).toBeUndefined();
  });
});
