import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphqlLimits as limits } from '../../apps/server/src/platform/graphql/operation/limits.ts';
import { askGraphql, type GraphqlReply } from '../e2e/graphql.ts';
import { fingerprint } from '../e2e/openapi.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';

// Attack case 19: operations that ask for more than anybody needs are refused before a single field of them is resolved,
// by a count and not by a clock; the attempt is in the audit log before the answer; nothing changes.

const times = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

const create = (name: string) =>
  `createAsset(body: {name: "${name}", type: "data-store", endpoint: "postgres://${name}"}) { id }`;

/** Operations over a limit, with the limit that must be named. */
const excessive: readonly (readonly [limit: string, title: string, query: string, variables?: unknown])[] = [
  ['depth', 'a deep selection', `{ a ${'{ a '.repeat(limits.depth)} ${'}'.repeat(limits.depth)} }`],
  ['depth', 'depth through inline fragments', `{ listJobs ${'{ ... { items '.repeat(12)} { id } ${'} }'.repeat(12)} }`],
  ['aliases', 'one query under many names', `{ ${times(limits.aliases + 1, (at) => `a${at}: whoAmI { actorId }`)} }`],
  ['aliases', 'names within one answer', `{ getStatus { ${times(limits.aliases + 1, (at) => `a${at}: version`)} } }`],
  [
    'aliases',
    'names that fragments multiply',
    `{ a: whoAmI { ...f } b: whoAmI { ...f } c: whoAmI { ...f } } fragment f on WhoAmI { ${times(6, (at) => `x${at}: actorId`)} }`,
  ],
  [
    'root-fields',
    'many changes in one request',
    `mutation { ${times(limits.rootFields + 1, (at) => (at < 15 ? `m${at}: ${create(`m${at}`)}` : create('x')))} }`,
  ],
  ['fields', 'fragments that multiply', fragmentBomb(12)],
  ['fragment-cycle', 'a fragment within itself', '{ whoAmI { ...a } } fragment a on WhoAmI { actorId ...a }'],
  [
    'fragment-cycle',
    'two fragments within each other',
    '{ whoAmI { ...a } } fragment a on WhoAmI { ...b } fragment b on WhoAmI { ...a }',
  ],
  ['fragment-cycle', 'a cycle that no operation uses', '{ whoAmI { actorId } } fragment a on WhoAmI { ...a }'],
  [
    'directives',
    'a field under many directives',
    `{ whoAmI ${'@include(if: true) '.repeat(limits.directives + 1)} { actorId } }`,
  ],
  ['tokens', 'a long document', `{ ${'whoAmI '.repeat(limits.tokens)} }`],
  ['tokens', 'a deep list as a value', `{ getAsset(id: ${'['.repeat(limits.tokens)}) { id } }`],
  ['definitions', 'many operations', times(limits.definitions + 1, (at) => `query q${at} { whoAmI { actorId } }`)],
  ['definitions', 'a schema instead of an operation', 'type Query { a: Int }'],
  [
    'variables',
    'many variables',
    `query (${times(limits.variables + 1, (at) => `$v${at}: Int`)}) { whoAmI { actorId } }`,
  ],
  ['variable-depth', 'a deep variable', 'query ($a: JSON) { whoAmI { actorId } }', deep(limits.variableDepth + 2)],
  [
    'cost',
    'large pages of everything',
    `{ ${times(5, (at) => `p${at}: listAssets(limit: 200) { items { ${wide()} } }`)} }`,
  ],
  [
    'cost',
    'the length of a page in a variable',
    `query ($n: Int) { ${times(5, (at) => `p${at}: listAssets(limit: $n) { items { ${wide()} } }`)} }`,
    { n: 200 },
  ],
  ['introspection', 'a description beside work', '{ __schema { queryType { name } } whoAmI { actorId } }'],
  ['introspection', 'two descriptions', '{ a: __schema { queryType { name } } b: __type(name: "Query") { name } }'],
];

function wide(): string {
  return 'id name type endpoint owner environmentId sensitivity exposure tags dataLifetimeYears risk { score band explanation { __typename __typename __typename } } firstSeenAt lastSeenAt state version';
}

/** Each fragment holds the next one twice: 2^n fields from n lines. */
function fragmentBomb(levels: number): string {
  const bodies = times(levels, (at) => `fragment f${at} on WhoAmI { ...f${at + 1} ...f${at + 1} }`);
  return `{ whoAmI { ...f0 } } ${bodies} fragment f${levels} on WhoAmI { actorId organizationId }`;
}

function deep(levels: number): unknown {
  let value: unknown = 1;
  for (let at = 0; at < levels; at += 1) value = { a: value };
  return { a: value };
}

describe('attack case 19: GraphQL', () => {
  let server: TestServer;
  let before: Record<string, string>;

  beforeAll(async () => {
    server = await startTestServer({ QV_RATE_LIMIT_PER_MINUTE: '1000000' });
    before = await fingerprint(server);
  });
  afterAll(() => server.stop());

  const eventsOf = async ({ requestId }: GraphqlReply) => {
    const client = await server.database.superuser();
    const events = await client.query('SELECT action, outcome FROM audit_event WHERE request_id = $1', [requestId]);
    await client.end();
    return events.rows;
  };

  it.each(excessive)(
    'IFC-2: %s: %s is refused before it runs, and audited',
    async (limit, _title, query, variables) => {
      const reply = await askGraphql(server, { query, ...(variables === undefined ? {} : { variables }) });
      expect(reply.data).toBeUndefined();
      expect(reply.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_LIMIT', status: 400 } }]);
      expect(reply.errors?.[0]?.message).toContain(`${limit} `);
      expect(await eventsOf(reply)).toEqual([{ action: 'access.refused', outcome: 'refused' }]);
    },
  );

  it('IFC-2: what is just within each limit runs', async () => {
    const within = [
      `{ ${times(limits.rootFields, (at) => `a${at}: whoAmI { actorId }`)} }`,
      `{ whoAmI ${'@include(if: true) '.repeat(1)} { actorId } }`,
      `query (${times(limits.variables, (at) => `$v${at}: Boolean`)}) { whoAmI { ${times(10, (at) => `...f${at}`)} } } ${times(10, (at) => `fragment f${at} on WhoAmI { actorId @skip(if: false) }`)}`,
    ];
    for (const query of within) {
      const { errors } = await askGraphql(server, { query });
      expect(errors?.filter(({ extensions }) => extensions.code === 'GRAPHQL_LIMIT') ?? []).toEqual([]);
    }
    const page = `{ listAssets(limit: 200) { items { ${wide()} } } }`;
    expect((await askGraphql(server, { query: page })).errors).toBeUndefined();
  });

  it.each([
    ['a list of operations (a batch)', [{ query: '{ whoAmI { actorId } }' }, { query: '{ whoAmI { actorId } }' }]],
    ['an empty batch', []],
    ['no document', {}],
    ['an unknown field', { query: '{ whoAmI { actorId } }', extensions: { persistedQuery: {} } }],
    ['a document that is no text', { query: { a: 1 } }],
    ['variables that are no object', { query: '{ whoAmI { actorId } }', variables: [1] }],
    ['a variable that nobody declared', { query: '{ whoAmI { actorId } }', variables: { extra: 1 } }],
  ])('IFC-2: %s is refused', async (_title, body) => {
    const { data, errors } = await askGraphql(server, body);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'REQUEST_INVALID', status: 400 } }]);
  });

  it.each([
    ['unfinished', '{ whoAmI {'],
    ['a secret where a name belongs', '{ whoAmI "my-secret" }'],
    ['an unfinished string', '{ getAsset(id: "my-secret'],
    ['control characters', '{ whoAmI \u0007 }'],
    ['nothing', ' '],
  ])('IFC-2: a document that is not well-formed (%s) is refused without being repeated', async (_title, query) => {
    const { errors, text } = await askGraphql(server, { query });
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_SYNTAX', status: 400 } }]);
    expect(text).not.toContain('my-secret');
  });

  it('IFC-2: a description of the schema that walks in circles is refused; the one that tools ask for is given', async () => {
    const circle = '{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }';
    expect((await askGraphql(server, { query: circle })).errors?.[0]?.extensions.code).toBe('GRAPHQL_INVALID');
    const { getIntrospectionQuery } = await import('graphql');
    const full = await askGraphql(server, { query: getIntrospectionQuery({ descriptions: true }) });
    expect(full.errors).toBeUndefined();
  });

  it('ACC-1: without an actor nothing is parsed: the same 401 for right, wrong, huge and unreadable documents', async () => {
    for (const rawBody of ['{"query":"{ whoAmI { actorId } }"}', '{"query":', 'x'.repeat(100_000), '[]']) {
      const response = await server.request('POST', '/graphql', { apiKey: null, rawBody });
      const { code } = (await response.json()) as { code: string };
      expect({ status: response.status, code }).toEqual({ status: 401, code: 'IDENTITY_UNAUTHENTICATED' });
    }
  });

  it('attack case 26: no GET, no form and no text reaches GraphQL, so no foreign page can ask for a signed-in browser', async () => {
    const query = encodeURIComponent('{ whoAmI { actorId } }');
    const get = await server.request('GET', `/graphql?query=${query}`);
    expect(get.status).toBe(404);
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/graphql',
    ]) {
      const rawBody = '{"query":"{ whoAmI { actorId } }"}';
      const response = await server.request('POST', '/graphql', { headers: { 'content-type': type }, rawBody });
      expect({ type, status: response.status }).toEqual({ type, status: 415 });
    }
  });

  it('IFC-2: a body over the limit of the server is 413 before it is parsed', async () => {
    const rawBody = JSON.stringify({ query: '{ whoAmI { actorId } }', variables: { a: 'x'.repeat(2_000_000) } });
    expect((await server.request('POST', '/graphql', { rawBody })).status).toBe(413);
  });

  it('attack case 19: after all of it the state is what it was', async () => {
    expect(await fingerprint(server)).toEqual(before);
  });
});
