'use client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../design/dialog.tsx';
import { problemCode } from '../../session/api.ts';
import { useSession } from '../../session/session.tsx';
import { ApprovalFeedContext } from '../approvals/feed-context.ts';
import { Header } from './header.tsx';
import { House } from './house.tsx';
import { Navigation } from './navigation.tsx';
import styles from './shell.module.css';

// No part of the first load.
const ApprovalFeed = dynamic(() => import('../approvals/approval-feed.tsx').then((module) => module.ApprovalFeed), {
  ssr: false,
});

const newQueries = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) => count < 2 && problemCode(error) === null,
      },
    },
  });

/** Around the pages of one user: what was asked for him is kept here, and goes with it. */
export function SignedInShell({ children }: { readonly children: ReactNode }) {
  const { may } = useSession();
  const [queries] = useState(newQueries);
  const [isFeedLive, setIsFeedLive] = useState(false);
  const [isNavigationOpen, setIsNavigationOpen] = useState(false);
  return (
    <QueryClientProvider client={queries}>
      <ApprovalFeedContext value={isFeedLive}>
        <House>
          {({ openPalette, openHelp }) => (
            <div className={styles.shell}>
              <a className={styles.skip} href="#main">
                Skip to the content
              </a>
              <Header onMenu={() => setIsNavigationOpen(true)} onSearch={openPalette} onHelp={openHelp} />
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
          )}
        </House>
        {may('approval.read') ? <ApprovalFeed onLive={setIsFeedLive} /> : null}
      </ApprovalFeedContext>
    </QueryClientProvider>
  );
}
