import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, askGraphql } from '../e2e/graphql.ts';
import {
  bodySchema,
  fillPath,
  fingerprint,
  missingId,
  neededHeaders,
  type Route,
  readRoutes,
  type Schema,
  sampleBody,
} from '../e2e/openapi.ts';
import { startTestServer, type TestServer } from '../harness/server.ts';

// Attack case 27: what a caller adds to a request is refused wherever it is added: fields that the server decides, names by
// which JavaScript objects are changed, in every body, at every depth of it, through REST and through GraphQL, as a variable
// and as a literal. Nothing is stored, nobody gains a right, and no object of the process is another one afterwards.

/** Fields that exist somewhere in the product and are never the caller's to set. */
const decidedByServer: Readonly<Record<string, unknown>> = {
  id: missingId,
  tenantId: missingId,
  tenant_id: missingId,
  organizationId: missingId,
  version: 99,
  roles: ['platform-admin'],
  role: 'platform-admin',
  isAdmin: true,
  status: 'active',
  state: 'archived',
  createdAt: '2001-01-01T00:00:00Z',
  createdBy: missingId,
  requestedBy: missingId,
  grantedBy: missingId,
  actor: { id: missingId },
  approval: { id: missingId },
  source: 'break-glass',
  secretHash: 'AAAA',
  passwordHash: '$argon2id$',
  risk: { score: 0 },
};

/** JSON texts, because objects in a program do not have these as fields of their own. Refused in any object at all. */
const poisons: readonly string[] = [
  '"__proto__":{"isAdmin":true}',
  '"__proto__":null',
  '"constructor":{"prototype":{"isAdmin":true}}',
];

/** Names of what every object inherits: data where a body takes any name, such as claims of a token; refused elsewhere. */
const inherited: readonly string[] = [
  '"nobodyKnows":1',
  '"prototype":{"isAdmin":true}',
  '"__defineGetter__":"x"',
  '"toString":"x"',
  '"hasOwnProperty":"x"',
];

const fieldText = ([name, value]: readonly [string, unknown]): string =>
  `${JSON.stringify(name)}:${JSON.stringify(value)}`;

/**
 * The same body with this text in the object at each depth: on top, and within each object and list of objects of it.
 * `closedOnly`: not where the description says that any name is taken.
 */
function withText(route: Route, text: string, closedOnly = true): string[] {
  const results: string[] = [];
  const place = (value: unknown, schema: Schema | undefined, wrap: (inner: string) => string): void => {
    const own = schema?.anyOf?.[0] ?? schema;
    if (Array.isArray(value)) {
      const [first] = value;
      if (first !== undefined) place(first, own?.items, (inner) => wrap(`[${inner}]`));
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    const entries = Object.entries(value);
    const isClosed = own?.additionalProperties === false;
    if (isClosed || !closedOnly) results.push(wrap(`{${[...entries.map(fieldText), text].join(',')}}`));
    for (const [key, part] of entries) {
      const others = entries.filter(([name]) => name !== key).map(fieldText);
      const around = (inner: string): string => wrap(`{${[...others, `${JSON.stringify(key)}:${inner}`].join(',')}}`);
      place(part, own?.properties?.[key], around);
    }
  };
  place(sampleBody(route), bodySchema(route), (inner) => inner);
  return results;
}

interface Outcome {
  readonly status: number;
  readonly code: string | undefined;
  readonly text: string;
}

describe('attack case 27: mass assignment and prototype pollution', () => {
  let server: TestServer;
  let routes: readonly Route[];
  let before: Record<string, string>;
  /** Fields that a route names itself, e.g. `role` of a grant: those are the caller's. */
  const ownFields = (route: Route): ReadonlySet<string> => new Set(Object.keys(bodySchema(route)?.properties ?? {}));
  const typesOfBody = new Map<string, string>();

  beforeAll(async () => {
    server = await startTestServer({
      QV_RATE_LIMIT_PER_MINUTE: '1000000',
      QV_RATE_LIMIT_SIGN_IN_PER_MINUTE: '1000000',
      QV_RATE_LIMIT_COSTLY_PER_MINUTE: '1000000',
    });
    routes = (await readRoutes(server)).filter((route) => bodySchema(route) !== undefined);
    const described = await askGraphql(server, {
      query: '{ __schema { mutationType { fields { name args { name type { kind name ofType { name } } } } } } }',
    });
    type Argument = { name: string; type: { kind: string; name: string | null; ofType: { name: string } | null } };
    const schema = answerOf<{ mutationType: { fields: { name: string; args: Argument[] }[] } }>(described, '__schema');
    for (const { name, args } of schema.mutationType.fields) {
      const type = args.find((argument) => argument.name === 'body')?.type;
      if (type !== undefined)
        typesOfBody.set(name, type.kind === 'NON_NULL' ? `${type.ofType?.name}!` : (type.name ?? ''));
    }
    before = await fingerprint(server);
  });
  afterAll(() => server.stop());

  async function rest(route: Route, rawBody: string, search = ''): Promise<Outcome> {
    const headers = neededHeaders(route);
    const target = `${fillPath(route.path, missingId)}${search}`;
    const response = await server.request(route.method.toUpperCase(), target, { rawBody, headers });
    const text = await response.text();
    return { status: response.status, code: text === '' ? undefined : JSON.parse(text).code, text };
  }

  /** The mutation of a route, with the body as a variable; null where GraphQL does not have the route. */
  async function graphql(route: Route, body: string): Promise<Outcome | null> {
    const { operationId, parameters } = route.operation;
    const type = typesOfBody.get(operationId);
    if (type === undefined) return null;
    const hasId = parameters.some(({ in: place }) => place === 'path');
    const hasVersion = parameters.some(({ name }) => name === 'If-Match');
    const others = `${hasId ? `, id: "${missingId}"` : ''}${hasVersion ? ', ifMatch: 1' : ''}`;
    const leafless = (selection: string) =>
      `mutation ($body: ${type}) { ${operationId}(body: $body${others})${selection} }`;
    const send = async (query: string): Promise<Outcome> => {
      const rawBody = `{"query":${JSON.stringify(query)},"variables":{"body":${body}}}`;
      const response = await server.request('POST', '/graphql', { rawBody });
      const parsed = (await response.json()) as {
        code?: string;
        errors?: { extensions: { code: string; status: number } }[];
      };
      const extensions = parsed.errors?.[0]?.extensions;
      return {
        status: extensions?.status ?? response.status,
        code: extensions?.code ?? parsed.code,
        text: JSON.stringify(parsed),
      };
    };
    const outcome = await send(leafless(' { __typename }'));
    // A field without an answer, or with one that is a scalar, takes no selection.
    return outcome.code === 'GRAPHQL_INVALID' ? send(leafless('')) : outcome;
  }

  const isRefused = ({ status, code }: Outcome): boolean => status === 400 && code === 'REQUEST_INVALID';

  it('IFC-1: no body takes a field that the server decides, by REST or by GraphQL, and the refusal says where', async () => {
    const failures: string[] = [];
    let requests = 0;
    for (const route of routes) {
      for (const [name, value] of Object.entries(decidedByServer)) {
        if (ownFields(route).has(name)) continue;
        const [body = ''] = withText(route, fieldText([name, value]));
        for (const outcome of [await rest(route, body), await graphql(route, body)]) {
          if (outcome === null) continue;
          requests += 1;
          if (!isRefused(outcome) || !outcome.text.includes('"path":"'))
            failures.push(`${route.operation.operationId} ${name}: ${outcome.text}`);
        }
      }
    }
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(500);
    console.log(`mass assignment: ${routes.length} bodies, ${requests} requests with a field too many, all refused`);
  }, 180_000);

  it('attack case 27: no unknown name and none of a prototype is taken, at any depth, and no object of the process has changed', async () => {
    const failures: string[] = [];
    let requests = 0;
    for (const route of routes) {
      const texts = [...poisons, ...inherited];
      for (const text of texts) {
        for (const body of withText(route, text, !poisons.includes(text))) {
          for (const outcome of [await rest(route, body), await graphql(route, body)]) {
            if (outcome === null) continue;
            requests += 1;
            if (!isRefused(outcome))
              failures.push(`${route.operation.operationId} ${body}: ${outcome.status} ${outcome.code}`);
          }
        }
      }
    }
    expect(failures).toEqual([]);
    console.log(`prototype pollution: ${requests} requests, all refused`);
    // The server runs in this very process.
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(Object.getOwnPropertyNames(Object.prototype).filter((name) => /admin/i.test(name))).toEqual([]);
  }, 180_000);

  it('attack case 27: a query string and a path add nothing either', async () => {
    const added = [
      '__proto__[isAdmin]=true',
      'constructor.prototype.isAdmin=true',
      'tenantId=x',
      'roles=platform-admin',
      'id=x',
    ];
    const failures: string[] = [];
    for (const route of routes)
      for (const search of added) {
        const outcome = await rest(route, JSON.stringify(sampleBody(route)), `?${search}`);
        if (!isRefused(outcome))
          failures.push(`${route.operation.operationId}?${search}: ${outcome.status} ${outcome.code}`);
      }
    expect(failures).toEqual([]);
  });

  it('attack case 27: GraphQL takes no such name as variable, alias, argument, field of a literal or beside the document', async () => {
    const create = (fields: string) =>
      `mutation { createAsset(body: {name: "x", type: "data-store", endpoint: "y", ${fields}}) { id } }`;
    const refused: readonly unknown[] = [
      { query: create('__proto__: {isAdmin: true}') },
      { query: create('constructor: {prototype: {isAdmin: true}}') },
      { query: create(`tenantId: "${missingId}"`) },
      { query: create('version: 9') },
      { query: '{ __proto__: whoAmI { actorId } }' },
      { query: '{ whoAmI { constructor: actorId } }' },
      { query: 'query ($__proto__: JSON) { whoAmI { actorId } }', variables: {} },
      { query: 'query q { whoAmI { actorId } }', operationName: 'q', actor: { id: missingId } },
      { query: '{ whoAmI { actorId } }', context: { actor: null } },
    ];
    for (const body of refused) {
      const { data, errors } = await askGraphql(server, body);
      expect({ body, data }).toEqual({ body, data: undefined });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'REQUEST_INVALID', status: 400 });
    }
    for (const variables of [
      '{"__proto__":{"body":1}}',
      '{"constructor":{"prototype":{}}}',
      '{"v":{"__proto__":{"a":1}}}',
    ]) {
      const rawBody = `{"query":"query ($v: JSON) { whoAmI { actorId } }","variables":${variables}}`;
      const response = await server.request('POST', '/graphql', { rawBody });
      expect({ variables, status: response.status }).toEqual({ variables, status: 400 });
    }
  });

  it('attack case 27: an input that takes any JSON hands it on unchanged, and its names stay data', async () => {
    const work = { kind: 'protect-asset', assetId: missingId, policyId: missingId, tenantId: missingId };
    const query = `mutation ($w: JSON!) { createSchedule(body: {name: "n", cron: "0 0 * * *", work: $w}) { id } }`;
    const { errors } = await askGraphql(server, { query, variables: { w: work } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'REQUEST_INVALID', status: 400 });
  });

  it('attack case 27: after all of it the state is what it was', async () => {
    expect(await fingerprint(server)).toEqual(before);
  });
});
