import type { Metadata } from 'next';
import { ScansRoom } from '../../features/scans/scans-room.tsx';

export const metadata: Metadata = { title: 'Scans' };

export default function ScansRoomPage() {
  return <ScansRoom />;
}
