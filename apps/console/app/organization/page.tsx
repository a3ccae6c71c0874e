import type { Metadata } from 'next';
import { OrganizationRoom } from '../../features/organization/organization-room.tsx';

export const metadata: Metadata = { title: 'Organization' };

export default function OrganizationPage() {
  return <OrganizationRoom />;
}
