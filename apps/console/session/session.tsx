'use client';
import type { QuantumVaultClient } from '@quantumvault/api';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { consoleClient, problemCode } from './api.ts';

export type Who = Awaited<ReturnType<QuantumVaultClient['whoAmI']>>;

export type SessionState =
  | { readonly status: 'unknown' }
  | { readonly status: 'signed-out' }
  | { readonly status: 'signed-in'; readonly who: Who };

export interface Session {
  readonly state: SessionState;
  readonly client: QuantumVaultClient;
  /** Asks the server who is signed in; after a sign-in. */
  readonly reload: () => Promise<void>;
  readonly signOut: () => Promise<void>;
  /** Whether the present user may; what one may not do is not shown. The server decides, always. */
  readonly may: (permission: string) => boolean;
}

const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('there is no session around this component');
  return session;
}

const newQueries = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) => count < 2 && problemCode(error) === null,
      },
    },
  });

/** Everything that a user has seen lives below one key: another user, or none, begins with nothing. */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [state, setState] = useState<SessionState>({ status: 'unknown' });
  const [queries, setQueries] = useState(newQueries);
  const channel = useRef<BroadcastChannel | null>(null);

  const end = useCallback(() => {
    setState({ status: 'signed-out' });
    setQueries((former) => {
      former.clear();
      return newQueries();
    });
  }, []);
  // One client for the life of the page; what it knows of the session is in cookies.
  const client = useMemo<QuantumVaultClient | null>(
    () => (typeof window === 'undefined' ? null : consoleClient(end)),
    [end],
  );

  const reload = useCallback(async () => {
    if (client === null) return;
    try {
      setState({ status: 'signed-in', who: await client.whoAmI({}) });
    } catch (error) {
      if (problemCode(error) === null) throw error;
      end();
    }
  }, [client, end]);

  const signOut = useCallback(async () => {
    try {
      await client?.signOut({});
    } finally {
      channel.current?.postMessage('signed-out');
      end();
    }
  }, [client, end]);

  useEffect(() => {
    void reload().catch(() => end());
    const other = new BroadcastChannel('qv-session');
    other.onmessage = () => end();
    channel.current = other;
    return () => other.close();
  }, [reload, end]);

  const session = useMemo<Session | null>(
    () =>
      client === null
        ? null
        : {
            state,
            client,
            reload,
            signOut,
            may: (permission) => state.status === 'signed-in' && state.who.permissions.includes(permission),
          },
    [client, state, reload, signOut],
  );
  if (session === null) return null;
  return (
    <SessionContext.Provider value={session}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </SessionContext.Provider>
  );
}
