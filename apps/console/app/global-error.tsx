'use client';
import { PageFailed } from '../features/shell/page-failed.tsx';
import './globals.css';

export default function GlobalErrorPage({ reset }: { readonly reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main>
          <PageFailed onRetry={reset} />
        </main>
      </body>
    </html>
  );
}
