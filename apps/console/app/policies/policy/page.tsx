import type { Metadata } from 'next';
import { Suspense } from 'react';
import { PolicyPage } from '../../../features/policies/policy-page.tsx';

export const metadata: Metadata = { title: 'Policy' };

export default function PolicyRoutePage() {
  return (
    <Suspense>
      <PolicyPage />
    </Suspense>
  );
}
