import { ApiProblemError, ApiUnreachableError } from './client-errors.ts';
import type { RouteCall, RouteContract, RouteOutput } from './contract.ts';
import { type Routes, routes } from './routes.ts';
import { type Problem, problemSchema } from './schemas/primitives.ts';

/** The one way out of this package: whoever uses the SDK brings the network (Node's or the browser's `fetch`, or a fake). */
export type HttpClient = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string; signal?: AbortSignal },
) => Promise<Response>;

export interface ApiClientOptions {
  /** Base address, e.g. `http://127.0.0.1:8920`. */
  readonly url: string;
  readonly apiKey?: string;
  /** What the calls are for, e.g. `incident-response`: conditions of grants may ask for it, and the log keeps it. */
  readonly purpose?: string;
  /** Of a session (ACC-4); used when there is no key. A browser has it in a cookie instead. */
  readonly accessToken?: string;
  /** Where the certificate of the connection stands for somebody; used when there is neither key nor token. */
  readonly organizationId?: string;
  readonly http: HttpClient;
}

export interface CallOptions {
  readonly idempotencyKey?: string;
  readonly ifMatch?: string;
  readonly signal?: AbortSignal;
}

export interface ApiAnswer<T> {
  readonly value: T;
  readonly status: number;
  readonly etag: string | null;
}

function addressOf(
  contract: RouteContract,
  base: string,
  input: { params?: Record<string, unknown>; query?: Record<string, unknown> },
): string {
  const path = contract.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(input.params?.[name])),
  );
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(input.query ?? {}))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return url.href;
}

/** The whole body; a connection that is cut in the middle of it is no answer either. */
async function bodyOf(response: Response, url: string): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    throw new ApiUnreachableError(`the answer from ${url} broke off`, { cause });
  }
}

async function problemOf(response: Response, url: string): Promise<Problem> {
  const text = await bodyOf(response, url);
  try {
    return problemSchema.parse(JSON.parse(text));
  } catch {
    return {
      type: 'about:blank',
      title: response.statusText,
      status: response.status,
      code: 'API_ANSWER_UNREADABLE',
      detail: 'The answer is not a problem document',
      requestId: '',
    };
  }
}

/**
 * Calls one route. The answer is parsed by the contract's schema, so a caller never sees a shape that it was not told of.
 * Throws `ApiProblemError` when the server refuses and `ApiUnreachableError` when there is no answer.
 */
export async function callRoute<R extends RouteContract>(
  client: ApiClientOptions,
  contract: R,
  input: RouteCall<R>,
  options: CallOptions = {},
): Promise<ApiAnswer<RouteOutput<R>>> {
  const response = await sendRoute(client, contract, input, options);
  const text = await bodyOf(response, client.url);
  const value = contract.success.schema ? contract.success.schema.parse(JSON.parse(text)) : undefined;
  return { value: value as RouteOutput<R>, status: response.status, etag: response.headers.get('etag') };
}

/** Calls one route and returns the answer unread, for streams such as the audit export. */
export async function sendRoute<R extends RouteContract>(
  client: ApiClientOptions,
  contract: R,
  input: RouteCall<R>,
  options: CallOptions = {},
): Promise<Response> {
  const parts = input as { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown };
  const headers: Record<string, string> = { accept: contract.success.mediaType ?? 'application/json' };
  if (contract.auth === 'actor') {
    if (client.apiKey !== undefined) headers['x-api-key'] = client.apiKey;
    else if (client.accessToken !== undefined) headers.authorization = `Bearer ${client.accessToken}`;
    else if (client.organizationId !== undefined) headers['x-qv-organization'] = client.organizationId;
    if (client.purpose !== undefined) headers['x-qv-purpose'] = client.purpose;
  }
  if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey;
  if (options.ifMatch !== undefined) headers['if-match'] = options.ifMatch;
  const hasBody = contract.body !== undefined;
  if (hasBody) headers['content-type'] = 'application/json';
  let response: Response;
  try {
    response = await client.http(addressOf(contract, client.url, parts), {
      method: contract.method,
      headers,
      ...(hasBody ? { body: JSON.stringify(parts.body) } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (cause) {
    throw new ApiUnreachableError(`no answer from ${client.url}`, { cause });
  }
  if (!response.ok) throw new ApiProblemError(await problemOf(response, client.url));
  return response;
}

type Method<R extends RouteContract> = keyof RouteCall<R> extends never
  ? (input?: RouteCall<R>, options?: CallOptions) => Promise<RouteOutput<R>>
  : (input: RouteCall<R>, options?: CallOptions) => Promise<RouteOutput<R>>;

export type QuantumVaultClient = { readonly [Id in keyof Routes]: Method<Routes[Id]> };

/**
 * The SDK: one method per route, named by its operation id.
 *
 * @example
 * const qv = createClient({ url: 'http://127.0.0.1:8920', apiKey, http: fetch });
 * const page = await qv.listAssets({ query: { sort: 'risk' } });
 */
export function createClient(options: ApiClientOptions): QuantumVaultClient {
  const methods: Record<string, unknown> = {};
  for (const [id, contract] of Object.entries(routes) as [string, RouteContract][]) {
    methods[id] = async (input: object = {}, callOptions: CallOptions = {}) =>
      (await callRoute(options, contract, input as RouteCall<RouteContract>, callOptions)).value;
  }
  return methods as QuantumVaultClient;
}
