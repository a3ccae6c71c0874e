'use client';
import type { ApprovalSummary } from '@quantumvault/api';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { Page } from '../../design/page.tsx';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';
import { useApprovalRefetch } from './feed-context.ts';

/** What waits for the reader's decision, and what the reader has asked for. */
export function ApprovalInbox() {
  const { may } = useSession();
  if (!may('approval.read')) return null;
  return (
    <Page title="Approvals">
      {may('approval.decide') ? (
        <Requests
          mine="to-decide"
          title="Waiting for you"
          empty="Nothing waits for you. When somebody asks for what a policy puts under approval, it appears here."
        />
      ) : null}
      <Requests
        mine="requested"
        title="Asked by you"
        empty="You have asked for nothing. What needs approval is asked for by simply doing it."
      />
      {may('approval.decide') ? (
        <Requests mine="decided" title="Decided by you" empty="You have decided about nothing yet." />
      ) : null}
    </Page>
  );
}

function Requests({
  mine,
  title,
  empty,
}: {
  readonly mine: 'to-decide' | 'requested' | 'decided';
  readonly title: string;
  readonly empty: string;
}) {
  const { client } = useSession();
  const requests = useQuery({
    queryKey: ['approvals', mine],
    queryFn: () => client.listApprovals({ query: { mine, limit: 50 } }),
    refetchInterval: useApprovalRefetch(),
  });
  return (
    <section className={layout.section} aria-label={title}>
      <h2>{title}</h2>
      {requests.error === null ? null : <Failure error={requests.error} doing="Reading the requests" />}
      {requests.data?.items.length === 0 ? <Notice kind="info" title={empty} /> : null}
      <ul className={layout.rows} aria-label={title}>
        {requests.data?.items.map((request) => (
          <RequestRow key={request.id} request={request} />
        ))}
      </ul>
      {requests.data?.nextCursor == null ? null : <p className={layout.muted}>Only the newest 50 are shown.</p>}
    </section>
  );
}

function RequestRow({ request }: { readonly request: ApprovalSummary }) {
  return (
    <li className={layout.row}>
      <Link href={`/approvals/request?id=${request.id}`}>
        <bdi>{request.summary}</bdi>
      </Link>
      <span>
        <bdi>{request.requester.name}</bdi>, <Time value={request.createdAt} />
      </span>
      <strong>{request.status}</strong>
    </li>
  );
}
