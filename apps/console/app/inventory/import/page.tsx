import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ImportAssets } from '../../../features/inventory/entry/import-assets.tsx';

export const metadata: Metadata = { title: 'Import' };

export default function ImportPage() {
  return (
    <Suspense>
      <ImportAssets />
    </Suspense>
  );
}
