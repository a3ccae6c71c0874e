import type { Metadata } from 'next';
import { RolesRoom } from '../../features/roles/roles-room.tsx';

export const metadata: Metadata = { title: 'Roles' };

export default function RolesPage() {
  return <RolesRoom />;
}
