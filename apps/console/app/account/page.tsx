import type { Metadata } from 'next';
import { Suspense } from 'react';
import { AccountRoom } from '../../features/account/account-room.tsx';

export const metadata: Metadata = { title: 'Account' };

export default function AccountPage() {
  return (
    <Suspense>
      <AccountRoom />
    </Suspense>
  );
}
