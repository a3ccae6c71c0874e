'use client';
import dynamic from 'next/dynamic';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { Button } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { useSession } from '../../session/session.tsx';
import { outsidePaths } from '../../session/session-end.ts';
import styles from './shell.module.css';

const waiting = () => <Skeleton label="Opening the console" lines={6} />;
/** Not a part of what somebody loads who only signs in. */
const SignedInShell = dynamic(() => import('./signed-in-shell.tsx').then((module) => module.SignedInShell), {
  ssr: false,
  loading: waiting,
});
// A session that must change its password is rare.
const NewPassword = dynamic(() => import('../sign-in/new-password.tsx').then((module) => module.NewPassword), {
  ssr: false,
  loading: waiting,
});

/** What stands around every page: nothing of a page is drawn before it is known who is signed in. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { state, reload } = useSession();
  const pathname = usePathname();
  if (outsidePaths.has(pathname)) return children;
  if (state.status === 'must-change-password') return <NewPassword />;
  if (state.status === 'signed-in') return <SignedInShell key={state.who.actorId}>{children}</SignedInShell>;
  return (
    <main className={styles.waiting}>
      <h1 className="hidden-text">QuantumVault</h1>
      {state.status === 'unreachable' ? (
        <Notice kind="danger" title="The server does not answer.">
          <p>Nothing was changed. Look whether it runs and whether you are connected, then try again.</p>
          <div>
            <Button onClick={() => void reload()}>Try again</Button>
          </div>
        </Notice>
      ) : (
        <Skeleton label="Looking who is signed in" lines={6} />
      )}
    </main>
  );
}
