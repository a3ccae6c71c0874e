import type { Metadata } from 'next';
import { Suspense } from 'react';
import { InventoryRoom } from '../../features/inventory/inventory-room.tsx';

export const metadata: Metadata = { title: 'Inventory' };

export default function InventoryPage() {
  return (
    <Suspense>
      <InventoryRoom />
    </Suspense>
  );
}
