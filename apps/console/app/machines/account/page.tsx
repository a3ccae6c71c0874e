import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ServiceAccount } from '../../../features/machines/service-account.tsx';

export const metadata: Metadata = { title: 'Service account' };

export default function ServiceAccountPage() {
  return (
    <Suspense>
      <ServiceAccount />
    </Suspense>
  );
}
