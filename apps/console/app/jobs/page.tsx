import type { Metadata } from 'next';
import { Suspense } from 'react';
import { JobsRoom } from '../../features/jobs/jobs-room.tsx';

export const metadata: Metadata = { title: 'Jobs' };

export default function JobsPage() {
  return (
    <Suspense>
      <JobsRoom />
    </Suspense>
  );
}
