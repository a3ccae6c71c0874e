'use client';
import type { HttpClient, QuantumVaultClient } from '@quantumvault/api';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { consoleWay, csrfToken, problemCode } from './api.ts';
import { forgetKeptPages, leaveForSignIn } from './session-end.ts';

export type Who = Awaited<ReturnType<QuantumVaultClient['whoAmI']>>;

export type SessionState =
  | { readonly status: 'unknown' }
  /** Asked, and nobody answered: whether somebody is signed in is not known. */
  | { readonly status: 'unreachable' }
  | { readonly status: 'signed-out' }
  /** There is a session, and it may only choose a new password or end. */
  | { readonly status: 'must-change-password' }
  | { readonly status: 'signed-in'; readonly who: Who };

export interface Session {
  readonly state: SessionState;
  readonly client: QuantumVaultClient;
  /** What the client sends with; streams use it too (`use-stream.ts`). */
  readonly http: HttpClient;
  /** Asks the server who is signed in; after a sign-in. */
  readonly reload: () => Promise<void>;
  /** After a sign-in whose session may only choose a new password. */
  readonly hold: () => void;
  /** Throws when the server was not reached: then the session lives on. */
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

const here = (): string => `${location.pathname}${location.search}`;
const noSubscription = () => () => {};

/** False while the exported page is compared with what React would draw: what depends on the browser comes after that. */
const useIsBrowser = (): boolean =>
  useSyncExternalStore(
    noSubscription,
    () => true,
    () => false,
  );

export function SessionProvider({ children }: { readonly children: ReactNode }) {
  return useIsBrowser() ? <BrowserSession>{children}</BrowserSession> : null;
}

/** Everything that a user has seen lives in one page: when the session ends the page goes, and a new one knows nothing. */
function BrowserSession({ children }: { readonly children: ReactNode }) {
  const [state, setState] = useState<SessionState>({ status: 'unknown' });
  const channel = useRef<BroadcastChannel | null>(null);
  const actorId = useRef<string | null>(null);

  const end = useCallback((next: string | null) => {
    setState({ status: 'signed-out' });
    actorId.current = null;
    leaveForSignIn(next);
  }, []);
  // One client for the life of the page; what it knows of the session is in cookies.
  const hold = useCallback(() => setState({ status: 'must-change-password' }), []);
  const { http, client, preload } = useMemo(() => consoleWay({ onEnd: () => end(here()), onHeld: hold }), [end, hold]);

  const reload = useCallback(async () => {
    if (csrfToken() === undefined) return end(here());
    try {
      // The second answer is refused to a session that must change its password first; the first one never is.
      const [who] = await Promise.all([client.whoAmI({}), client.getSecondFactors({})]);
      // Another user has signed in, in another tab: nothing of the former one may stay.
      if (actorId.current !== null && actorId.current !== who.actorId) return location.reload();
      if (actorId.current === null) channel.current?.postMessage('signed-in');
      actorId.current = who.actorId;
      setState({ status: 'signed-in', who });
    } catch (error) {
      const code = problemCode(error);
      if (code === 'IDENTITY_PASSWORD_CHANGE_REQUIRED') hold();
      else if (code !== null) end(here());
      else if (actorId.current === null) setState({ status: 'unreachable' });
    }
  }, [client, end, hold]);

  const signOut = useCallback(async () => {
    try {
      await client.signOut({});
    } catch (error) {
      // Refused: the session has ended before. Not reached: it lives, and saying otherwise would be a lie.
      if (problemCode(error) === null) throw error;
    }
    channel.current?.postMessage('signed-out');
    setState({ status: 'signed-out' });
    actorId.current = null;
    leaveForSignIn(null);
  }, [client]);

  useEffect(() => {
    const other = new BroadcastChannel('qv-session');
    other.onmessage = ({ data }) => {
      if (data === 'signed-out') end(null);
      else void reload();
    };
    channel.current = other;
    void reload();
    // Whoever goes into a form is about to ask something.
    addEventListener('focusin', preload, { once: true });
    const look = () => {
      if (document.visibilityState === 'visible' && actorId.current !== null) void reload();
    };
    document.addEventListener('visibilitychange', look);
    const forget = forgetKeptPages();
    return () => {
      other.close();
      document.removeEventListener('visibilitychange', look);
      removeEventListener('focusin', preload);
      forget();
    };
  }, [reload, end, preload]);

  const session = useMemo<Session>(
    () => ({
      state,
      client,
      http,
      reload,
      hold,
      signOut,
      may: (permission) => state.status === 'signed-in' && state.who.permissions.includes(permission),
    }),
    [client, http, state, reload, hold, signOut],
  );
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>;
}
