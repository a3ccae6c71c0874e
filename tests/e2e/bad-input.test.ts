import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../harness/server.ts';

// Attack cases 2, 20, 27 and IFC-1: requests made from the server's own OpenAPI description, each wrong in one way.
// The answer is a problem document with a stable code, never 500, and no table but the excepted ones has changed.

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
  readonly pattern?: string;
  readonly examples?: readonly unknown[];
}
interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: Schema }[];
  readonly requestBody?: { content: { 'application/json': { schema: Schema } } };
}

/** Written by every request on purpose: the refusal's own record, limits, keys of repetition, messages, last use. */
const mayChange = [
  'audit_event',
  'audit_pending',
  'audit_leaf',
  'audit_head',
  'audit_tenant_head',
  'audit_checkpoint',
  'auth_refusal_count',
  'idempotency_key',
  'outbox',
  'subject_key',
];

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

const someUuid = '01920000-0000-7000-8000-00000000dead';

/** A value that fits the schema, so that one wrong field is the only wrong thing. */
function sample(schema: Schema): unknown {
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.enum?.[0] !== undefined) return schema.enum[0];
  if (schema.anyOf?.[0] !== undefined) return sample(schema.anyOf[0]);
  if (schema.type === 'object') {
    return Object.fromEntries((schema.required ?? []).map((name) => [name, sample(schema.properties?.[name] ?? {})]));
  }
  if (schema.type === 'array') return schema.items === undefined ? [] : [sample(schema.items)];
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  if (schema.type === 'boolean') return true;
  if (schema.pattern?.includes('[0-9a-f]{8}-')) return someUuid;
  if (schema.pattern?.includes('{64}')) return 'a'.repeat(64);
  if (schema.format === 'date-time') return '2030-01-01T00:00:00Z';
  if (schema.format === 'date') return '2030-01-01';
  return 'text';
}

interface BadRequest {
  readonly title: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly rawBody?: string;
}

function badBodies(schema: Schema): { title: string; body?: unknown; rawBody?: string }[] {
  const good = sample(schema) as Record<string, unknown>;
  const bodies: { title: string; body?: unknown; rawBody?: string }[] = [
    { title: 'unknown field', body: { ...good, isAdmin: true } },
    { title: 'tenant from outside', body: { ...good, tenantId: someUuid } },
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
      const fits =
        property.anyOf !== undefined ||
        typeof value === (property.type === 'integer' ? 'number' : property.type) ||
        (property.type === 'array' && Array.isArray(value));
      if (
        fits &&
        !(
          typeof value === 'string' &&
          (value.length > 1000 || !value.isWellFormed() || value.includes('\u0000') || value === '')
        )
      )
        continue;
      if (property.type === undefined && property.anyOf === undefined && property.enum === undefined) continue;
      if (property.anyOf !== undefined && value === null) continue;
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
    for (const id of ['x', '%00', '%2e%2e%2f', someUuid.toUpperCase(), `${someUuid}0`, "'%20OR%201=1", 'a'.repeat(150)])
      list.push({ title: `id ${id}`, path: fill(id), ...headers, ...good });
    list.push({ title: 'id of nothing', path: fill(someUuid), ...headers, ...good });
  }
  for (const parameter of operation.parameters.filter((candidate) => candidate.in === 'query')) {
    for (const value of ['', '%00', '-1', '1e9', "'", '[object Object]', 'x'.repeat(3000)])
      list.push({
        title: `${parameter.name}=${value.slice(0, 10)}`,
        path: `${fill(someUuid)}?${parameter.name}=${value}`,
        ...headers,
      });
    list.push({
      title: `${parameter.name} twice`,
      path: `${fill(someUuid)}?${parameter.name}=1&${parameter.name}=2`,
      ...headers,
    });
  }
  list.push({ title: 'unknown query', path: `${fill(someUuid)}?nobody=knows`, ...headers, ...good });
  if (ifMatch !== undefined) {
    for (const value of ['', '*', 'W/"1"', '1', '"x"', '"99999999999"'])
      list.push({ title: `If-Match ${value}`, path: fill(someUuid), headers: { 'if-match': value }, ...good });
    list.push({ title: 'no If-Match', path: fill(someUuid), ...good });
  }
  if (operation.parameters.some((parameter) => parameter.name === 'Idempotency-Key')) {
    list.push({
      title: 'long Idempotency-Key',
      path: fill(someUuid),
      headers: { 'idempotency-key': 'k'.repeat(300) },
      ...good,
    });
  }
  if (schema === undefined && method !== 'get')
    list.push({ title: 'body where none is taken', path: fill(someUuid), body: { x: 1 } });
  if (schema !== undefined) {
    for (const bad of badBodies(schema))
      list.push({ ...bad, title: `body: ${bad.title}`, path: fill(someUuid), ...headers });
    list.push({
      title: 'another media type',
      path: fill(someUuid),
      headers: { ...ifMatch, 'content-type': 'text/xml' },
      rawBody: '<x/>',
    });
  }
  return list;
}

describe('bad input', () => {
  let server: TestServer;
  let operations: { path: string; method: string; operation: Operation }[];

  beforeAll(async () => {
    server = await startTestServer({ QV_RATE_LIMIT_PER_MINUTE: '1000000' });
    const document = (await (await server.request('GET', '/api/openapi.json')).json()) as {
      paths: Record<string, Record<string, Operation>>;
    };
    operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
    );
    await server.client.createAsset({ body: { name: 'kept', type: 'data-store', endpoint: 'postgres://kept' } });
  });
  afterAll(() => server.stop());

  async function fingerprint(): Promise<Record<string, string>> {
    const client = await server.database.superuser();
    const tables = await client.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'qv' ORDER BY 1",
    );
    const result: Record<string, string> = {};
    for (const { name } of tables.rows) {
      if (mayChange.includes(name)) continue;
      const columns = name === 'api_key' ? "(to_jsonb(t) - 'last_used_at')::text" : 't::text';
      const rows = await client.query<{ sum: string }>(
        `SELECT count(*) || '/' || md5(coalesce(string_agg(${columns}, '|' ORDER BY ${columns}), '')) AS sum FROM qv.${name} t`,
      );
      result[name] = rows.rows[0]?.sum ?? '';
    }
    await client.end();
    return result;
  }

  it('IFC-1: every route refuses every kind of bad request with a stable code, never 500, and changes nothing', async () => {
    const before = await fingerprint();
    const failures: string[] = [];
    let sent = 0;
    for (const { path, method, operation } of operations) {
      if (operation.security?.length === 0) continue;
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
    expect(await fingerprint()).toEqual(before);
  }, 120_000);

  it('ACC-1: every route but the exempted ones answers 401 without a key, with a wrong one and with a malformed one', async () => {
    const wrong = `${server.signIn.apiKey.slice(0, -4)}AAAA`;
    for (const { path, method, operation } of operations) {
      if (operation.security?.length === 0) continue;
      for (const apiKey of [null, wrong, 'qv_x', `qv_aaaaaaaaaaaa_${'A'.repeat(43)}`]) {
        const response = await server.request(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, someUuid), { apiKey });
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
