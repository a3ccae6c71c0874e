import type { TestServer } from '../harness/server.ts';

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly status: number;
    readonly errors?: readonly { readonly path: string; readonly message: string }[];
  };
}

export interface GraphqlReply {
  readonly status: number;
  readonly requestId: string;
  readonly text: string;
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphqlError[];
}

/** Sends one body to /graphql; the administrator's key unless another one, or null for none, is given. */
export async function askGraphql(server: TestServer, body: unknown, apiKey?: string | null): Promise<GraphqlReply> {
  const response = await server.request('POST', '/graphql', { body, ...(apiKey === undefined ? {} : { apiKey }) });
  const text = await response.text();
  const parsed: Pick<GraphqlReply, 'data' | 'errors'> = JSON.parse(text);
  return {
    status: response.status,
    requestId: response.headers.get('x-request-id') ?? '',
    text,
    ...('data' in parsed ? { data: parsed.data } : {}),
    ...('errors' in parsed ? { errors: parsed.errors } : {}),
  };
}

/** The answer of one field; throws with the errors where there is none. */
export function answerOf<T>(reply: GraphqlReply, field: string): T {
  const value = reply.data?.[field];
  if (value === undefined || value === null) throw new Error(`no answer of ${field}: ${reply.text.slice(0, 500)}`);
  return value as T;
}
