import type { Metadata } from 'next';
import { Suspense } from 'react';
import { AssetDetail } from '../../../features/inventory/asset/asset-detail.tsx';

export const metadata: Metadata = { title: 'Asset' };

export default function AssetPage() {
  return (
    <Suspense>
      <AssetDetail />
    </Suspense>
  );
}
