import { z } from 'zod';
import type { RouteContract } from './contract.ts';
import { routes } from './routes.ts';
import { problemSchema } from './schemas/primitives.ts';

type JsonObject = { [key: string]: unknown };

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): JsonObject => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' });
  return rest;
};

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

function parameters(contract: RouteContract): JsonObject[] {
  const list: JsonObject[] = [];
  for (const [place, schema] of [
    ['path', contract.params],
    ['query', contract.query],
  ] as const) {
    if (!schema) continue;
    const described = jsonSchema(schema, 'input') as { properties?: Record<string, JsonObject>; required?: string[] };
    for (const [name, property] of Object.entries(described.properties ?? {})) {
      list.push({
        name,
        in: place,
        required: place === 'path' || (described.required ?? []).includes(name),
        schema: property,
      });
    }
  }
  const header = (name: string, required: boolean, description: string, lengthMax: number) =>
    list.push({
      name,
      in: 'header',
      required,
      description,
      schema: { type: 'string', minLength: 1, maxLength: lengthMax },
    });
  if (contract.idempotent)
    header('Idempotency-Key', false, 'A repeated request with this key has one effect and the same answer', 255);
  if (contract.ifMatch) header('If-Match', true, 'ETag of the version that the change was made from', 100);
  if (contract.etag && contract.method === 'GET') header('If-None-Match', false, '304 when nothing has changed', 100);
  return list;
}

function operation(contract: RouteContract): JsonObject {
  const success: JsonObject = { description: contract.success.description };
  if (contract.success.schema)
    success.content = { 'application/json': { schema: jsonSchema(contract.success.schema, 'output') } };
  if (contract.success.mediaType) success.content = { [contract.success.mediaType]: { schema: { type: 'string' } } };
  const responses: JsonObject = {
    [contract.success.status]: success,
    500: problem('Internal error'),
    503: problem('Not available now'),
  };
  const add = (status: number, description: string) => {
    responses[status] = problem(description);
  };
  if (contract.auth === 'actor') {
    add(400, 'The request does not fit the schema');
    add(401, 'No valid credential');
    add(403, 'Not permitted');
    add(429, 'Too many requests');
  }
  if (contract.params) add(404, 'Not found, in your organization');
  if (contract.body) {
    add(413, 'Body too large');
    add(415, 'Body is not JSON');
    add(422, 'Understood and refused');
  }
  if (contract.idempotent || contract.method === 'DELETE') add(409, 'Conflicts with the present state');
  if (contract.ifMatch) {
    add(412, 'Changed since');
    add(428, 'If-Match is required');
  }
  if (contract.etag && contract.method === 'GET') responses[304] = { description: 'Not changed' };
  return {
    operationId: contract.id,
    summary: contract.summary,
    tags: [contract.tag],
    ...(contract.auth === 'none' ? { security: [] } : { 'x-permission': contract.permission }),
    parameters: parameters(contract),
    ...(contract.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchema(contract.body, 'input') } },
          },
        }
      : {}),
    responses,
  };
}

/** The interface's description, OpenAPI 3.1, made from the same schemas that the server parses with. */
export function openApiDocument(options: { readonly version: string }): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const contract of Object.values(routes) as RouteContract[]) {
    const item = paths[contract.path] ?? {};
    item[contract.method.toLowerCase()] = operation(contract);
    paths[contract.path] = item;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'QuantumVault',
      version: options.version,
      description:
        'The operations that an actor may call are fields of GraphQL too, by their operation ids: POST /graphql.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }, { bearer: [] }],
    paths,
    components: {
      schemas: { Problem: jsonSchema(problemSchema, 'output') },
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        bearer: { type: 'http', scheme: 'bearer', description: 'The API key as a bearer token' },
      },
    },
  };
}
