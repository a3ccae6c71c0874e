import type { Metadata } from 'next';
import { Suspense } from 'react';
import { JobPage } from '../../../features/jobs/job-page.tsx';

export const metadata: Metadata = { title: 'Job' };

export default function JobRoutePage() {
  return (
    <Suspense>
      <JobPage />
    </Suspense>
  );
}
