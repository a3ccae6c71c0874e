import { routes as contracts, type RouteContract } from '@quantumvault/api';
import {
  buildClientSchema,
  type GraphQLField,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  isLeafType,
} from 'graphql';
import { answerOf, askGraphql } from '../../e2e/graphql.ts';
import { fillPath, missingId, neededHeaders, type Route, readRoutes, sample, sampleBody } from '../../e2e/openapi.ts';
import type { TestServer } from '../../harness/server.ts';

export type ActorContract = Extract<RouteContract, { readonly auth: 'actor' }>;

export interface Answer {
  readonly status: number;
  /** null for a success. */
  readonly code: string | null;
  readonly detail: string;
  readonly requestId: string;
  /** The whole answer without what differs between any two requests. */
  readonly comparable: string;
}

/** One operation of one transport, with a request that is right in everything but who sends it. */
export interface MatrixOperation {
  readonly name: string;
  readonly transport: 'REST' | 'GraphQL' | 'GraphQL stream';
  readonly contract: ActorContract;
  readonly hasId: boolean;
  /** Statuses that OpenAPI names for the operation. */
  readonly documented: ReadonlySet<number>;
  send(sending: { readonly apiKey: string | null; readonly id?: string }): Promise<Answer>;
}

interface Failure {
  readonly code?: string;
  readonly detail?: string;
  readonly status?: number;
  readonly errors?: readonly { readonly message: string; readonly extensions: { code: string; status: number } }[];
}

function answer(response: { status: number; headers: Headers }, text: string, id: string): Answer {
  const requestId = response.headers.get('x-request-id') ?? '';
  const comparable = text.replaceAll(requestId, '<request>').replaceAll(id, '<id>');
  const isJson = /^application\/(?:problem\+)?json(?:;|$)/.test(response.headers.get('content-type') ?? '');
  const parsed: Failure = isJson && text !== '' ? JSON.parse(text) : {};
  const error = parsed.errors?.[0];
  // GraphQL answers 200 with the error inside, once the document was good; a problem document is a refusal before that.
  if (error?.extensions !== undefined) {
    const { code, status } = error.extensions;
    return { status, code, detail: error.message, requestId, comparable };
  }
  const code = response.status >= 400 ? (parsed.code ?? null) : null;
  return { status: response.status, code, detail: parsed.detail ?? '', requestId, comparable };
}

function restOperation(server: TestServer, route: Route, contract: ActorContract): MatrixOperation {
  const body = sampleBody(route);
  const needed = route.operation.parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
  const search = new URLSearchParams(needed.map(({ name, schema }) => [name, String(sample(schema))])).toString();
  return {
    name: contract.id,
    transport: 'REST',
    contract,
    hasId: route.path.includes('{'),
    documented: new Set(Object.keys(route.operation.responses).map(Number)),
    send: async ({ apiKey, id = missingId }) => {
      const path = fillPath(route.path, id) + (search === '' ? '' : `?${search}`);
      const headers = neededHeaders(route);
      const options = { apiKey, headers, ...(body === undefined ? {} : { body }) };
      const response = await server.request(route.method.toUpperCase(), path, options);
      return answer(response, await response.text(), id);
    },
  };
}

/** A document that asks for one field, its arguments as variables, as a client would write it from the schema alone. */
function documentOf(kind: string, field: GraphQLField<unknown, unknown>, given: ReadonlySet<string>): string {
  const used = field.args.filter(({ name }) => given.has(name));
  const declared = used.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const passed = used.map(({ name }) => `${name}: $${name}`).join(', ');
  const isLeaf = isLeafType(getNamedType(field.type));
  const call = `${field.name}${passed === '' ? '' : `(${passed})`}${isLeaf ? '' : ' { __typename }'}`;
  return `${kind}${declared === '' ? '' : ` (${declared})`} { ${call} }`;
}

interface Field {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly field: GraphQLField<unknown, unknown>;
}

function graphqlOperation(server: TestServer, { kind, field }: Field, rest: { route: Route; contract: ActorContract }) {
  const { route, contract } = rest;
  const body = sampleBody(route);
  const variablesFor = (id: string): Record<string, unknown> => {
    const variables: Record<string, unknown> = {};
    for (const { in: place, name, required, schema } of route.operation.parameters) {
      if (place === 'path') variables[name] = id;
      if (place === 'query' && required) variables[name] = sample(schema);
    }
    if (body !== undefined) variables.body = body;
    if (contract.ifMatch === true) variables.ifMatch = 1;
    return variables;
  };
  const query = documentOf(kind, field, new Set(Object.keys(variablesFor(''))));
  const operation: MatrixOperation = {
    name: contract.id,
    transport: kind === 'subscription' ? 'GraphQL stream' : 'GraphQL',
    contract,
    hasId: route.path.includes('{'),
    documented: new Set(Object.keys(route.operation.responses).map(Number)),
    send: async ({ apiKey, id = missingId }) => {
      const request = { body: { query, variables: variablesFor(id) }, apiKey };
      if (kind === 'subscription') return firstOfStream(server, request, id);
      const response = await server.request('POST', '/graphql', request);
      return answer(response, await response.text(), id);
    },
  };
  return operation;
}

/** The first message of a stream, which is then closed; an answer that is no stream as it is. */
async function firstOfStream(
  server: TestServer,
  { body, apiKey }: { readonly body: unknown; readonly apiKey: string | null },
  id: string,
): Promise<Answer> {
  const response = await server.request('POST', '/graphql', { body, apiKey, headers: { accept: 'text/event-stream' } });
  if (response.headers.get('content-type') !== 'text/event-stream') return answer(response, await response.text(), id);
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const message = /event: next\ndata: (.*)\n\n/.exec(text)?.[1];
    // Leaving the loop cancels the body, which closes the stream.
    if (message !== undefined) {
      const headers = new Headers({
        'content-type': 'application/json',
        'x-request-id': response.headers.get('x-request-id') ?? '',
      });
      return answer({ status: response.status, headers }, message, id);
    }
  }
  throw new Error(`a stream ended without a message: ${text}`);
}

function fieldsOf(schema: GraphQLSchema): Field[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  return roots.flatMap(([kind, type]) => Object.values(type?.getFields() ?? {}).map((field) => ({ kind, field })));
}

/** Every operation that demands an actor: the route table through REST, and every field that the server itself describes. */
export async function readOperations(server: TestServer): Promise<MatrixOperation[]> {
  const list: readonly RouteContract[] = Object.values(contracts);
  const byId = new Map<string, { route: Route; contract: ActorContract }>();
  for (const route of await readRoutes(server)) {
    const contract = list.find(({ id }) => id === route.operation.operationId);
    if (contract?.auth === 'actor') byId.set(contract.id, { route, contract });
  }
  const introspection = await askGraphql(server, { query: getIntrospectionQuery() });
  answerOf(introspection, '__schema');
  const schema = buildClientSchema(introspection.data as never);
  const graphql = fieldsOf(schema).map((field) => {
    const rest = byId.get(field.field.name);
    if (rest === undefined) throw new Error(`the field ${field.field.name} is no route that demands an actor`);
    return graphqlOperation(server, field, rest);
  });
  return [...[...byId.values()].map(({ route, contract }) => restOperation(server, route, contract)), ...graphql];
}
