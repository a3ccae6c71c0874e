'use client';
import { usePathname } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Notice } from '../../design/notice.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { useSession } from '../../session/session.tsx';
import { outsidePaths } from '../../session/session-end.ts';
import { Header } from './header.tsx';
import { Navigation } from './navigation.tsx';
import styles from './shell.module.css';

/** What stands around every page: nothing of a page is drawn before it is known who is signed in. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { state, reload } = useSession();
  const pathname = usePathname();
  if (outsidePaths.has(pathname)) return children;
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

function SignedInShell({ children }: { readonly children: ReactNode }) {
  const [isNavigationOpen, setIsNavigationOpen] = useState(false);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to the content
      </a>
      <Header onMenu={() => setIsNavigationOpen(true)} />
      <div className={styles.beside}>
        <Navigation />
      </div>
      {isNavigationOpen ? (
        <Dialog title="Rooms" place="start" onClose={() => setIsNavigationOpen(false)}>
          <Navigation onChosen={() => setIsNavigationOpen(false)} />
        </Dialog>
      ) : null}
      <main id="main" className={styles.main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
