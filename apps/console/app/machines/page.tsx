import type { Metadata } from 'next';
import { MachinesRoom } from '../../features/machines/machines-room.tsx';

export const metadata: Metadata = { title: 'Machines' };

export default function MachinesPage() {
  return <MachinesRoom />;
}
