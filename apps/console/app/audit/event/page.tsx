import type { Metadata } from 'next';
import { Suspense } from 'react';
import { AuditEventDetail } from '../../../features/audit/event-detail.tsx';

export const metadata: Metadata = { title: 'Audit event' };

export default function AuditEventPage() {
  return (
    <Suspense>
      <AuditEventDetail />
    </Suspense>
  );
}
