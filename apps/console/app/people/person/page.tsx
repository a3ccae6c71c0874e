import type { Metadata } from 'next';
import { Suspense } from 'react';
import { Person } from '../../../features/people/person.tsx';

export const metadata: Metadata = { title: 'Person' };

export default function PersonPage() {
  return (
    <Suspense>
      <Person />
    </Suspense>
  );
}
