import type { Metadata } from 'next';
import { ApiKeysRoom } from '../../features/api-keys/api-keys-room.tsx';

export const metadata: Metadata = { title: 'API keys' };

export default function ApiKeysPage() {
  return <ApiKeysRoom />;
}
