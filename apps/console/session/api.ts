import { ApiProblemError, type HttpClient, type QuantumVaultClient } from '@quantumvault/api';

const csrfCookie = '__Host-qv-csrf';

/** The token that a request which changes something repeats. Without one there is no session, so nobody need be asked. */
export function csrfToken(): string | undefined {
  const pair = document.cookie.split('; ').find((cookie) => cookie.startsWith(`${csrfCookie}=`));
  return pair?.slice(csrfCookie.length + 1);
}

export interface SessionEvents {
  /** The session has ended: by time, by revocation, or in another tab. */
  readonly onEnd: () => void;
  /** The session may do nothing before the password was changed. */
  readonly onHeld: () => void;
}

const contract = () => import('./contract.ts');
/** Ahead of the first call. That it did not come, the first call says. */
export const preloadContract = (): void => void contract().catch(() => {});

/** What leads to a credential is asked without one: a refusal there says nothing about a session. */
async function isOpenPath(path: string): Promise<boolean> {
  const { routes } = await contract();
  return Object.values(routes).some((route) => route.auth === 'none' && route.path === path);
}

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
  const problem: unknown = await answer.json().catch(() => null);
  const hasCode = typeof problem === 'object' && problem !== null && 'code' in problem;
  return hasCode && problem.code === 'IDENTITY_PASSWORD_CHANGE_REQUIRED';
}

/**
 * The way to the server, with the session's cookies, which no script can read. An access token that has ended is renewed
 * once and the request sent again; when that fails, the session is over.
 */
export function consoleHttp({ onEnd, onHeld }: SessionEvents): HttpClient {
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
    const isStale = first.status === 401 && !(await isOpenPath(new URL(url).pathname));
    const answer = isStale && (await renew()) ? await send(url, init) : first;
    if (isStale && answer.status === 401) onEnd();
    if (answer.status === 403 && (await isHeld(answer.clone()))) onHeld();
    return answer;
  };
}

/** The published API; the console uses nothing else. What a name is, is known once the contract is loaded. */
export function consoleClient(http: HttpClient): QuantumVaultClient {
  let made: Promise<QuantumVaultClient> | null = null;
  const client = (): Promise<QuantumVaultClient> => {
    made ??= contract().then(({ createClient }) => createClient({ url: location.origin, http }));
    // A file that did not come may come the next time.
    made.catch(() => {
      made = null;
    });
    return made;
  };
  const method = (name: string) => async (input: never, options: never) => {
    const methods = await client();
    const call = Object.hasOwn(methods, name) ? methods[name as keyof QuantumVaultClient] : undefined;
    if (call === undefined) throw new TypeError(`the contract has no ${name}`);
    return (call as (input: never, options: never) => Promise<unknown>)(input, options);
  };
  const methods = new Map<string, ReturnType<typeof method>>();
  const known = (name: string | symbol) => {
    // Whatever is awaited is asked for `then`.
    if (typeof name === 'symbol' || name === 'then') return undefined;
    const found = methods.get(name) ?? method(name);
    methods.set(name, found);
    return found;
  };
  return new Proxy({}, { get: (_target, name) => known(name) }) as QuantumVaultClient;
}

export const problemCode = (error: unknown): string | null =>
  error instanceof ApiProblemError ? error.problem.code : null;
