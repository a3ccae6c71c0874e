'use client';
import { PageFailed } from '../features/shell/page-failed.tsx';

export default function ErrorPage({ reset }: { readonly reset: () => void }) {
  return <PageFailed onRetry={reset} />;
}
