'use client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../design/dialog.tsx';
import { problemCode } from '../../session/api.ts';
import { Header } from './header.tsx';
import { House } from './house.tsx';
import { Navigation } from './navigation.tsx';
import styles from './shell.module.css';

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
  const [queries] = useState(newQueries);
  const [isNavigationOpen, setIsNavigationOpen] = useState(false);
  return (
    <QueryClientProvider client={queries}>
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
    </QueryClientProvider>
  );
}
