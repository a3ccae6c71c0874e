import type { Metadata } from 'next';
import { AccessRoom } from '../../features/access/access-room.tsx';

export const metadata: Metadata = { title: 'Access' };

export default function AccessPage() {
  return <AccessRoom />;
}
