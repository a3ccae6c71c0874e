import { createClient, type HttpClient, problemSchema, routes } from '@quantumvault/api';
import { csrfToken, type SessionEvents, type WayToServer } from './api.ts';

/** What leads to a credential is asked without one: a refusal there says nothing about a session. */
const openPaths: ReadonlySet<string> = new Set(
  Object.values(routes)
    .filter((contract) => contract.auth === 'none')
    .map((contract) => contract.path),
);

const send: HttpClient = (url, init) => {
  const token = init.method === 'GET' ? undefined : csrfToken();
  return fetch(url, {
    ...init,
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    headers: { ...init.headers, ...(token === undefined ? {} : { 'x-csrf-token': token }) },
  });
};

/** One refresh at a time over all tabs: a refresh token is good once, and its second use ends the session. */
async function refresh(): Promise<boolean> {
  return navigator.locks.request('qv-refresh', async () => {
    const answer = await send('/api/auth/refresh', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    return answer.ok;
  });
}

async function isHeld(answer: Response): Promise<boolean> {
  const problem = problemSchema.safeParse(await answer.json().catch(() => null));
  return problem.success && problem.data.code === 'IDENTITY_PASSWORD_CHANGE_REQUIRED';
}

/**
 * The way to the server, with the session's cookies, which no script can read. An access token that has ended is renewed
 * once and the request sent again; when that fails, the session is over.
 */
function consoleHttp({ onEnd, onHeld }: SessionEvents): HttpClient {
  // Requests that find the token ended at the same time share one renewal.
  let renewal: Promise<boolean> | null = null;
  const renew = (): Promise<boolean> => {
    renewal ??= refresh().finally(() => {
      renewal = null;
    });
    return renewal;
  };
  return async (url, init) => {
    const first = await send(url, init);
    const isStale = first.status === 401 && !openPaths.has(new URL(url).pathname);
    const answer = isStale && (await renew()) ? await send(url, init) : first;
    if (isStale && answer.status === 401) onEnd();
    if (answer.status === 403 && (await isHeld(answer.clone()))) onHeld();
    return answer;
  };
}

/** The published API; the console uses nothing else. */
export function wayToServer(events: SessionEvents): WayToServer {
  const http = consoleHttp(events);
  return { http, client: createClient({ url: location.origin, http }) };
}
