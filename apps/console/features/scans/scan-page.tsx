'use client';
import type { ScanView } from '@quantumvault/api';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { Page } from '../../design/page.tsx';
import { useSession } from '../../session/session.tsx';
import { ScanLive } from './scan-live.tsx';

/** INV-5: one scan, live while it goes on. */
export function ScanPage() {
  const { may } = useSession();
  const scanId = useSearchParams().get('id') ?? '';
  // Only looks at what the part below has read.
  const scan = useQuery<ScanView>({ queryKey: ['scans', 'one', scanId], enabled: false });
  if (!may('asset.read')) return null;
  const name = scan.data?.name ?? null;
  return (
    <Page
      back={{ href: '/scans', label: 'All scans' }}
      title={name === null ? 'Scan' : <bdi>{name}</bdi>}
      lead={
        scan.data?.profile === 'quick'
          ? 'A quick look: what each server picks when everything is offered.'
          : 'A full look: all versions, suites and groups of each server, and its certificates.'
      }
    >
      <ScanLive key={scanId} scanId={scanId} />
    </Page>
  );
}
