import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { Shell } from '../features/shell/shell.tsx';
import { SessionProvider } from '../session/session.tsx';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'QuantumVault', template: '%s · QuantumVault' },
  robots: { index: false, follow: false },
  referrer: 'no-referrer',
};
export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' };

export default function RootLayout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <script src="/look.js" />
      </head>
      <body>
        <noscript>QuantumVault needs JavaScript: it verifies in your browser what the server says.</noscript>
        <SessionProvider>
          <Shell>{children}</Shell>
        </SessionProvider>
      </body>
    </html>
  );
}
