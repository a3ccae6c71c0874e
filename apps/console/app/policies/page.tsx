import type { Metadata } from 'next';
import { PoliciesRoom } from '../../features/policies/policies-room.tsx';

export const metadata: Metadata = { title: 'Policies' };

export default function PoliciesPage() {
  return <PoliciesRoom />;
}
