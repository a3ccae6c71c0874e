import { describe, expect, it } from 'vitest';
import { createClient, type HttpClient } from './client.ts';
import { ApiProblemError, ApiUnreachableError } from './client-errors.ts';
import { routes } from './routes.ts';

const id = '01920000-0000-7000-8000-000000000000';
const environment = { id, name: 'local', type: 'local', createdAt: '2030-01-01T00:00:00.000Z', version: 1 };

function answering(answer: () => Response | Promise<Response>) {
  const calls: { url: string; init: Parameters<HttpClient>[1] }[] = [];
  const http: HttpClient = async (url, init) => {
    calls.push({ url, init });
    return answer();
  };
  return { calls, client: createClient({ url: 'http://127.0.0.1:1', apiKey: 'qv_key', http }) };
}
const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });

describe('IFC-3: the SDK', () => {
  it('IFC-3: has a method for each route and fills path, query, body and headers', async () => {
    const { client, calls } = answering(() => json({ items: [environment], nextCursor: null }));
    expect(Object.keys(client).sort()).toEqual(Object.keys(routes).sort());
    const page = await client.listEnvironments({ query: { limit: 5 } });
    expect(page.items[0]?.name).toBe('local');
    expect(calls[0]?.url).toBe('http://127.0.0.1:1/api/environments?limit=5');
    expect(calls[0]?.init.headers).toEqual({ accept: 'application/json', 'x-api-key': 'qv_key' });
    await client.cancelJob({ params: { id: '../../x' } }, { idempotencyKey: 'k' }).catch(() => {});
    expect(calls[1]?.url).toBe('http://127.0.0.1:1/api/jobs/..%2F..%2Fx/cancel');
    expect(calls[1]?.init.headers['idempotency-key']).toBe('k');
  });

  it('IFC-3: an answer of another shape is an error, never a value', async () => {
    const { client } = answering(() => json({ items: [{ ...environment, isAdmin: true }], nextCursor: null }));
    await expect(client.listEnvironments({})).rejects.toThrow();
  });

  it('IFC-3: a refusal carries the stable code, also when the answer is not a problem document', async () => {
    const problem = { type: 't', title: 'Forbidden', status: 403, code: 'ACCESS_DENIED', detail: 'no', requestId: 'r' };
    const refused = await answering(() => json(problem, 403))
      .client.whoAmI({})
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiProblemError);
    expect(refused).toMatchObject({ problem: { code: 'ACCESS_DENIED' } });
    const proxy = await answering(() => new Response('<html>', { status: 502 }))
      .client.whoAmI({})
      .catch((error: unknown) => error);
    expect(proxy).toMatchObject({ problem: { code: 'API_ANSWER_UNREADABLE', status: 502 } });
  });

  it('IFC-3: no answer and half an answer are unreachable, not a crash', async () => {
    const nobody = answering(() => Promise.reject(new TypeError('fetch failed')));
    await expect(nobody.client.whoAmI({})).rejects.toBeInstanceOf(ApiUnreachableError);
    const broken = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"items":'));
        controller.error(new TypeError('terminated'));
      },
    });
    await expect(answering(() => new Response(broken)).client.listEnvironments({})).rejects.toBeInstanceOf(
      ApiUnreachableError,
    );
  });
});
