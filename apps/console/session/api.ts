import { ApiProblemError, createClient, type HttpClient, type QuantumVaultClient } from '@quantumvault/api';
import { z } from 'zod';

// The policy of our pages forbids code made from text, which zod would try for speed.
z.config({ jitless: true });

const csrfCookie = '__Host-qv-csrf';

function csrfToken(): string | undefined {
  const pair = document.cookie.split('; ').find((cookie) => cookie.startsWith(`${csrfCookie}=`));
  return pair?.slice(csrfCookie.length + 1);
}

/** Told when the session has ended: by time, by revocation, or in another tab. */
export type OnSessionEnd = () => void;

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

/**
 * The way to the server: the published API with the session's cookies, which no script can read. An access token that
 * has ended is renewed once and the request sent again; when that fails, the session is over.
 */
export function consoleClient(onSessionEnd: OnSessionEnd): QuantumVaultClient {
  const http: HttpClient = async (url, init) => {
    const answer = await send(url, init);
    if (answer.status !== 401 || new URL(url).pathname.startsWith('/api/auth/')) return answer;
    if (await refresh()) return send(url, init);
    onSessionEnd();
    return answer;
  };
  return createClient({ url: location.origin, http });
}

export const problemCode = (error: unknown): string | null =>
  error instanceof ApiProblemError ? error.problem.code : null;
