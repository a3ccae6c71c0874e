import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { problemSchema, type RouteContract, type RouteId, routes } from '@quantumvault/api';

// A server that speaks the published contract and nothing else: requests are parsed and answers are checked by the same
// schemas as in the product, so a test cannot agree with the command line on a shape that does not exist.

export interface Asked {
  readonly route: RouteId;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What a route answers; `value` for JSON, `stream` for the others. */
export interface Answer {
  readonly status?: number;
  readonly value?: unknown;
  readonly etag?: string;
  readonly stream?: Iterable<string | Uint8Array>;
  /** Cuts the connection after the stream. */
  readonly isCut?: boolean;
}

export type Handlers = { readonly [Id in RouteId]?: (asked: Asked) => Answer };

export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  /** Further members of the problem document. */
  readonly extensions: Readonly<Record<string, string>>;
  constructor(status: number, code: string, detail: string, extensions: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.extensions = extensions;
  }
}

export interface ContractServer extends AsyncDisposable {
  readonly url: string;
  /** Every request that was let in, in order. */
  readonly asked: readonly Asked[];
  /** Access tokens that are let in beside the API key. */
  readonly tokens: Set<string>;
}

export async function startContractServer(handlers: Handlers, apiKey: string): Promise<ContractServer> {
  const asked: Asked[] = [];
  const tokens = new Set<string>();
  const server = createServer((request, response) => {
    answer(request, response, { handlers, apiKey, asked, tokens }).catch((error: unknown) => refuse(response, error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the test server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    tokens,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refuse(response: ServerResponse, error: unknown): void {
  const refusal = error instanceof Refusal ? error : new Refusal(500, 'INTERNAL', String(error));
  const problem = problemSchema.parse({
    type: 'about:blank',
    title: 'Refused',
    status: refusal.status,
    code: refusal.code,
    detail: refusal.message,
    requestId: 'req-1',
    ...refusal.extensions,
  });
  response.writeHead(refusal.status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify(problem));
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  {
    handlers,
    apiKey,
    asked,
    tokens,
  }: { handlers: Handlers; apiKey: string; asked: Asked[]; tokens: ReadonlySet<string> },
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const found = findRoute(request.method ?? '', url.pathname);
  if (found === undefined) throw new Refusal(404, 'NOT_FOUND', 'No such route');
  const contract: RouteContract = routes[found.id];
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const isKnown = token === undefined ? request.headers['x-api-key'] === apiKey : tokens.has(token);
  if (contract.auth === 'actor' && !isKnown) {
    throw new Refusal(401, 'IDENTITY_UNAUTHENTICATED', 'No valid API key');
  }
  if (contract.ifMatch && request.headers['if-match'] === undefined) {
    throw new Refusal(428, 'PRECONDITION_REQUIRED', 'If-Match is required');
  }
  const body = await readBody(request);
  const parse = (schema: RouteContract['body'], value: unknown): unknown => {
    const parsed = schema?.safeParse(value);
    if (parsed === undefined || parsed.success) return parsed?.data;
    throw new Refusal(400, 'REQUEST_INVALID', parsed.error.message);
  };
  const entry: Asked = {
    route: found.id,
    params: found.params,
    query: { ...(parse(contract.query, Object.fromEntries(url.searchParams)) as object | undefined) },
    body: parse(contract.body, body),
    headers: request.headers,
  };
  asked.push(entry);
  const handler = handlers[found.id];
  if (handler === undefined) throw new Refusal(404, 'NOT_FOUND', `The test does not expect ${found.id}`);
  send(response, contract, handler(entry));
}

function send(response: ServerResponse, contract: RouteContract, answered: Answer): void {
  const { status = contract.success.status, value, etag, stream, isCut } = answered;
  const { schema, mediaType = 'application/json' } = contract.success;
  // A fixture that does not fit the contract is a mistake of the test.
  const parsed = schema === undefined ? undefined : schema.parse(value);
  response.writeHead(status, { 'content-type': mediaType, ...(etag === undefined ? {} : { etag }) });
  for (const part of stream ?? []) response.write(part);
  if (isCut) response.destroy();
  else response.end(parsed === undefined ? undefined : JSON.stringify(parsed));
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}

function findRoute(method: string, path: string): { id: RouteId; params: Record<string, string> } | undefined {
  for (const contract of Object.values(routes)) {
    const pattern = new RegExp(`^${contract.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
    const match = pattern.exec(path);
    if (contract.method === method && match !== null) return { id: contract.id, params: { ...match.groups } };
  }
  return undefined;
}
