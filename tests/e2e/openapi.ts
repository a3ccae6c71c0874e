import type { TestServer } from '../harness/server.ts';

// The interface as the server itself describes it: tests over "every route" are generated from this, so a new route
// is under them from its first day.

export interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: boolean | Schema;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
  readonly pattern?: string;
  readonly examples?: readonly unknown[];
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: Schema;
}

export interface Operation {
  readonly operationId: string;
  /** What the use case demands; absent where no actor is. */
  readonly 'x-permission'?: string;
  readonly security?: readonly unknown[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

export interface Route {
  readonly path: string;
  /** In lower case, as the document has it. */
  readonly method: string;
  readonly operation: Operation;
}

export async function readRoutes(server: TestServer): Promise<Route[]> {
  const answer = await server.request('GET', '/api/openapi.json');
  const document: { paths: Record<string, Record<string, Operation>> } = JSON.parse(await answer.text());
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );
}

export const needsKey = ({ operation }: Route): boolean => operation.security?.length !== 0;

export const bodySchema = ({ operation }: Route): Schema | undefined =>
  operation.requestBody?.content['application/json'].schema;

export const isIdSchema = (schema: Schema): boolean => schema.pattern?.includes('[0-9a-f]{8}-') === true;

/** An id that no test ever creates. */
export const missingId = '01920000-0000-7000-8000-00000000dead';

export const fillPath = (path: string, id: string): string => path.replaceAll(/\{\w+\}/g, id);

/** A value that fits the schema, so that one wrong field is the only wrong thing. */
export function sample(schema: Schema): unknown {
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.enum?.[0] !== undefined) return schema.enum[0];
  if (schema.anyOf?.[0] !== undefined) return sample(schema.anyOf[0]);
  // A field that may be null is described by a list of types.
  if (Array.isArray(schema.type)) return sample({ ...schema, type: schema.type[0] });
  if (schema.type === 'object') {
    return Object.fromEntries((schema.required ?? []).map((name) => [name, sample(schema.properties?.[name] ?? {})]));
  }
  if (schema.type === 'array') return schema.items === undefined ? [] : [sample(schema.items)];
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  if (schema.type === 'boolean') return true;
  if (isIdSchema(schema)) return missingId;
  if (schema.pattern?.includes('{64}')) return 'a'.repeat(64);
  if (schema.format === 'date-time') return '2030-01-01T00:00:00Z';
  if (schema.format === 'date') return '2030-01-01';
  return 'text';
}

/** A body that passes the route's schema; where "at least one field" is asked for, one optional field is given. */
export function sampleBody(route: Route): Record<string, unknown> | undefined {
  const schema = bodySchema(route);
  if (schema === undefined) return undefined;
  const value = sample(schema);
  const body: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {};
  const [first] = Object.entries(schema.properties ?? {});
  if (Object.keys(body).length === 0 && first !== undefined) body[first[0]] = sample(first[1]);
  return body;
}

/** The headers without which a route does not look at anything else. */
export const neededHeaders = ({ operation }: Route): Record<string, string> =>
  operation.parameters.some(({ name }) => name === 'If-Match') ? { 'if-match': '"1"' } : {};

/** Written by every request on purpose: the refusal's own record, limits, keys of repetition, messages. */
export const tablesOfRecord: readonly string[] = [
  'audit_event',
  'audit_pending',
  'audit_leaf',
  'audit_head',
  'audit_tenant_head',
  'audit_checkpoint',
  'auth_refusal_count',
  'idempotency_key',
  'limit_bucket',
  'limit_process',
  'outbox',
  'subject_key',
  'limit_bucket',
  'limit_process',
];

/** Count and checksum of every table that a refused request must leave alone. The last use of a key is not counted. */
export async function fingerprint(server: TestServer): Promise<Record<string, string>> {
  const client = await server.database.superuser();
  const tables = await client.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'qv' ORDER BY 1",
  );
  const result: Record<string, string> = {};
  for (const { name } of tables.rows) {
    if (tablesOfRecord.includes(name)) continue;
    const columns = name === 'api_key' ? "(to_jsonb(t) - 'last_used_at')::text" : 't::text';
    const rows = await client.query<{ sum: string }>(
      `SELECT count(*) || '/' || md5(coalesce(string_agg(${columns}, '|' ORDER BY ${columns}), '')) AS sum FROM qv.${name} t`,
    );
    result[name] = rows.rows[0]?.sum ?? '';
  }
  await client.end();
  return result;
}
