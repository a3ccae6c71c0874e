import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ScanPage } from '../../../features/scans/scan-page.tsx';

export const metadata: Metadata = { title: 'Scan' };

export default function ScanRoutePage() {
  return (
    <Suspense>
      <ScanPage />
    </Suspense>
  );
}
