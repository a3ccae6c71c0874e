import { routes as contracts, type RouteContract } from '@quantumvault/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../harness/server.ts';
import {
  fingerprint,
  missingId,
  needsKey,
  type Operation,
  type Route,
  readRoutes,
  type Schema,
  sample,
  sampleBody,
} from './openapi.ts';

// Attack cases 2, 20, 27 and IFC-1: requests made from the server's own OpenAPI description, each wrong in one way.
// The answer is a problem document with a stable code, never 500, and no table but the excepted ones has changed.

const wrongValues: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1e308,
  2 ** 53,
  1.5,
  '',
  ' ',
  'x'.repeat(70_000),
  '\u0000',
  '\ud800',
  "'; DROP TABLE asset; --",
  '../../etc/passwd',
  '$(7*7)',
  '{{7*7}}',
  [],
  [[[[[[]]]]]],
  {},
  { $ne: null },
  { constructor: { prototype: { admin: true } } },
  Array.from({ length: 5000 }, () => 1),
];

interface BadRequest {
  readonly title: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly rawBody?: string;
}

/** Whether the value could be right for a field of this schema, judged from the description alone. */
function mayFit(schema: Schema, value: unknown): boolean {
  if (schema.anyOf !== undefined) return schema.anyOf.some((part) => mayFit(part, value));
  if (schema.enum !== undefined) return schema.enum.includes(value);
  const types = [schema.type].flat();
  // A field without a described type takes anything.
  if (types.includes(undefined)) return true;
  if (value === null) return types.includes('null');
  if (Array.isArray(value))
    return types.includes('array') && value.every((item) => schema.items === undefined || mayFit(schema.items, item));
  if (typeof value === 'number') {
    const isInRange = value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity);
    return isInRange && (types.includes('number') || (types.includes('integer') && Number.isSafeInteger(value)));
  }
  if (typeof value !== 'string') return types.includes(typeof value);
  // Text that no field takes: over-long, not printable, empty, broken surrogates.
  return types.includes('string') && value.length <= 1000 && value !== '' && !/[\p{Cc}\p{Cs}]/u.test(value);
}

/** Any text of its pattern is right where names and words are searched for. */
const isRightText = ({ type, enum: values, pattern, format }: Schema, text: string): boolean =>
  type === 'string' &&
  values === undefined &&
  format === undefined &&
  (pattern === undefined || new RegExp(pattern, 'u').test(text));

function badBodies(schema: Schema): { title: string; body?: unknown; rawBody?: string }[] {
  const good = sample(schema) as Record<string, unknown>;
  const bodies: { title: string; body?: unknown; rawBody?: string }[] = [
    { title: 'unknown field', body: { ...good, isAdmin: true } },
    { title: 'tenant from outside', body: { ...good, tenantId: missingId } },
    { title: 'array for object', body: [good] },
    { title: 'text for object', body: 'x' },
    { title: 'not JSON', rawBody: '{"name":' },
    { title: 'prototype', rawBody: '{"__proto__":{"admin":true}}' },
    { title: 'deep', rawBody: `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}` },
    { title: 'empty', rawBody: '' },
    { title: 'large', rawBody: JSON.stringify({ ...good, padding: 'x'.repeat(2_000_000) }) },
  ];
  for (const name of schema.required ?? []) {
    bodies.push({
      title: `without ${name}`,
      body: Object.fromEntries(Object.entries(good).filter(([key]) => key !== name)),
    });
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    for (const value of wrongValues) {
      // What is right for this field by chance is not a bad request.
      if (mayFit(property, value)) continue;
      bodies.push({ title: `${name} = ${JSON.stringify(value).slice(0, 20)}`, body: { ...good, [name]: value } });
    }
  }
  return bodies;
}

function badRequests(path: string, method: string, operation: Operation): BadRequest[] {
  const list: BadRequest[] = [];
  const fill = (id: string) => path.replaceAll(/\{\w+\}/g, id);
  const ifMatch = operation.parameters.some((parameter) => parameter.name === 'If-Match')
    ? { 'if-match': '"1"' }
    : undefined;
  const headers = ifMatch === undefined ? {} : { headers: ifMatch };
  const schema = operation.requestBody?.content['application/json'].schema;
  const good = schema === undefined ? {} : { body: sample(schema) };
  if (path.includes('{')) {
    for (const id of [
      'x',
      '%00',
      '%2e%2e%2f',
      missingId.toUpperCase(),
      `${missingId}0`,
      "'%20OR%201=1",
      'a'.repeat(150),
    ])
      list.push({ title: `id ${id}`, path: fill(id), ...headers, ...good });
    list.push({ title: 'id of nothing', path: fill(missingId), ...headers, ...good });
  }
  for (const parameter of operation.parameters.filter((candidate) => candidate.in === 'query')) {
    for (const value of ['', '%00', '-1', '1e9', "'", '[object Object]', 'x'.repeat(3000)]) {
      const text = decodeURIComponent(value);
      if (isRightText(parameter.schema, text) && mayFit(parameter.schema, text)) continue;
      list.push({
        title: `${parameter.name}=${value.slice(0, 10)}`,
        path: `${fill(missingId)}?${parameter.name}=${value}`,
        ...headers,
      });
    }
    list.push({
      title: `${parameter.name} twice`,
      path: `${fill(missingId)}?${parameter.name}=1&${parameter.name}=2`,
      ...headers,
    });
  }
  list.push({ title: 'unknown query', path: `${fill(missingId)}?nobody=knows`, ...headers, ...good });
  if (ifMatch !== undefined) {
    for (const value of ['', '*', 'W/"1"', '1', '"x"', '"99999999999"'])
      list.push({ title: `If-Match ${value}`, path: fill(missingId), headers: { 'if-match': value }, ...good });
    list.push({ title: 'no If-Match', path: fill(missingId), ...good });
  }
  if (operation.parameters.some((parameter) => parameter.name === 'Idempotency-Key')) {
    list.push({
      title: 'long Idempotency-Key',
      path: fill(missingId),
      headers: { 'idempotency-key': 'k'.repeat(300) },
      ...good,
    });
  }
  if (schema === undefined && method !== 'get')
    list.push({ title: 'body where none is taken', path: fill(missingId), body: { x: 1 } });
  if (schema !== undefined) {
    for (const bad of badBodies(schema))
      list.push({ ...bad, title: `body: ${bad.title}`, path: fill(missingId), ...headers });
    list.push({
      title: 'another media type',
      path: fill(missingId),
      headers: { ...ifMatch, 'content-type': 'text/xml' },
      rawBody: '<x/>',
    });
  }
  return list;
}

describe('bad input', () => {
  let server: TestServer;
  let routes: Route[];

  beforeAll(async () => {
    server = await startTestServer({ QV_RATE_LIMIT_PER_MINUTE: '1000000' });
    routes = await readRoutes(server);
    await server.client.createAsset({ body: { name: 'kept', type: 'data-store', endpoint: 'postgres://kept' } });
  });
  afterAll(() => server.stop());

  it('the bodies that are made wrong in one way are right before: their schema takes them', () => {
    const list: readonly RouteContract[] = Object.values(contracts);
    const refused = routes.flatMap((route) => {
      const contract = list.find(({ id }) => id === route.operation.operationId);
      const parsed = contract?.body?.safeParse(sampleBody(route));
      return parsed === undefined || parsed.success ? [] : [{ id: contract?.id, issues: parsed.error.issues }];
    });
    expect(refused).toEqual([]);
  });

  it('IFC-1: every route refuses every kind of bad request with a stable code, never 500, and changes nothing', async () => {
    const before = await fingerprint(server);
    const failures: string[] = [];
    let sent = 0;
    for (const { path, method, operation } of routes.filter(needsKey)) {
      for (const bad of badRequests(path, method, operation)) {
        const response = await server.request(method.toUpperCase(), bad.path, {
          ...(bad.body === undefined ? {} : { body: bad.body }),
          ...(bad.rawBody === undefined ? {} : { rawBody: bad.rawBody }),
          ...(bad.headers === undefined ? {} : { headers: bad.headers }),
        });
        sent += 1;
        const text = await response.text();
        const code = /"code":"([A-Z][A-Z0-9_]+)"/.exec(text)?.[1];
        if (response.status < 400 || response.status >= 500 || code === undefined)
          failures.push(
            `${method} ${bad.path.slice(0, 90)} [${bad.title}] -> ${response.status} ${text.slice(0, 160)}`,
          );
      }
    }
    expect(failures).toEqual([]);
    expect(sent).toBeGreaterThan(500);
    expect(await fingerprint(server)).toEqual(before);
  }, 120_000);

  it('ACC-1: every route but the exempted ones answers 401 without a key, with a wrong one and with a malformed one', async () => {
    const wrong = `${server.signIn.apiKey.slice(0, -1)}${server.signIn.apiKey.endsWith('A') ? 'B' : 'A'}`;
    for (const { path, method } of routes.filter(needsKey)) {
      for (const apiKey of [null, wrong, 'qv_x', `qv_aaaaaaaaaaaa_${'A'.repeat(43)}`]) {
        const response = await server.request(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, missingId), { apiKey });
        expect({
          path,
          method,
          status: response.status,
          code: ((await response.json()) as { code: string }).code,
        }).toEqual({ path, method, status: 401, code: 'IDENTITY_UNAUTHENTICATED' });
      }
    }
  });

  it('ACC-2: a revoked key is dead at once', async () => {
    const client = await server.database.superuser();
    await client.query('UPDATE api_key SET revoked_at = now()');
    const response = await server.request('GET', '/api/whoami');
    await client.query('UPDATE api_key SET revoked_at = NULL');
    await client.end();
    expect(response.status).toBe(401);
    expect((await server.request('GET', '/api/whoami')).status).toBe(200);
  });

  it('IFC-1: an unknown path and an unknown method are 404 with a problem document', async () => {
    for (const [method, path] of [
      ['GET', '/api/nothing'],
      ['PUT', '/api/assets'],
      ['GET', '/v1/sys/health'],
    ] as const) {
      const response = await server.request(method, path);
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
    }
  });
});
