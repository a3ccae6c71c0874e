import type { Metadata } from 'next';
import { Suspense } from 'react';
import { AddAsset } from '../../../features/inventory/entry/add-asset.tsx';

export const metadata: Metadata = { title: 'Add an asset' };

export default function AddAssetPage() {
  return (
    <Suspense>
      <AddAsset />
    </Suspense>
  );
}
