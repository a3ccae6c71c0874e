import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ScanWizard } from '../../../features/scans/scan-wizard.tsx';

export const metadata: Metadata = { title: 'New scan' };

export default function ScanWizardPage() {
  return (
    <Suspense>
      <ScanWizard />
    </Suspense>
  );
}
