import type { Metadata } from 'next';
import { Suspense } from 'react';
import { SettingsRoom } from '../../features/settings/settings-room.tsx';

export const metadata: Metadata = { title: 'Settings' };

export default function SettingsPage() {
  return (
    <Suspense>
      <SettingsRoom />
    </Suspense>
  );
}
