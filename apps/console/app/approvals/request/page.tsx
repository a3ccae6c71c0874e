import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ApprovalRequest } from '../../../features/approvals/approval-request.tsx';

export const metadata: Metadata = { title: 'Request for approval' };

export default function ApprovalRequestPage() {
  return (
    <Suspense>
      <ApprovalRequest />
    </Suspense>
  );
}
