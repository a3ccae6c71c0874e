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

/** The way to the server: the published API, and the same with nothing read for answers that go on. */
export interface WayToServer {
  readonly client: QuantumVaultClient;
  readonly http: HttpClient;
}

/**
 * The client with the whole contract is much of what a sign-in would load, and no part of its first load: it comes with
 * the first call, or when `preload` asks for it. A call that cannot get it fails as if the server did not answer.
 */
export function consoleWay(events: SessionEvents): WayToServer & { readonly preload: () => void } {
  let loading: Promise<WayToServer> | null = null;
  const load = (): Promise<WayToServer> => {
    loading ??= import('./api-client.ts')
      .then(({ wayToServer }) => wayToServer(events))
      .catch((error: unknown) => {
        loading = null;
        throw error;
      });
    return loading;
  };
  const call =
    (id: string) =>
    async (...input: readonly unknown[]): Promise<unknown> => {
      const method: unknown = Reflect.get((await load()).client, id);
      if (typeof method !== 'function') throw new TypeError(`the interface has no ${id}`);
      return Reflect.apply(method, undefined, input);
    };
  const client = new Proxy(
    {},
    {
      // Whatever waits for a value asks it for `then`: the client is none to wait for.
      get: (_target, id) => (typeof id !== 'string' || id === 'then' ? undefined : call(id)),
    },
  );
  return {
    // The one place that knows that every method of the client is there by its name.
    client: client as QuantumVaultClient,
    http: async (url, init) => (await load()).http(url, init),
    preload: () => void load().catch(() => {}),
  };
}

export const problemCode = (error: unknown): string | null =>
  error instanceof ApiProblemError ? error.problem.code : null;
