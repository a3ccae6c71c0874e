import type { Metadata } from 'next';
import { Suspense } from 'react';
import { Welcome } from '../../features/welcome/welcome.tsx';

export const metadata: Metadata = { title: 'Set-up' };

export default function WelcomePage() {
  return (
    <Suspense>
      <Welcome />
    </Suspense>
  );
}
