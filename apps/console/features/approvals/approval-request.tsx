'use client';
import type { ApprovalExecution, ApprovalView } from '@quantumvault/api';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Code } from '../../design/code.tsx';
import { DetailList } from '../../design/detail-list.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { Page } from '../../design/page.tsx';
import { Term } from '../../design/term.tsx';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';
import styles from './approvals.module.css';
import { Approvers } from './approvers.tsx';
import { Decide } from './decide.tsx';
import { ExportApproved } from './export-approved.tsx';
import { useApprovalRefetch } from './feed-context.ts';
import { JobProgress } from './job-progress.tsx';
import { whyNotSentence } from './why-not.ts';

/** ACC-9: one request with its exact plan, what it waits for, who may decide, and what came of it. */
export function ApprovalRequest() {
  const { client, may } = useSession();
  const id = useSearchParams().get('id') ?? '';
  const request = useQuery({
    queryKey: ['approvals', 'request', id],
    queryFn: () => client.getApproval({ params: { id } }),
    refetchInterval: useApprovalRefetch(),
    enabled: may('approval.read'),
  });
  if (!may('approval.read')) return null;
  return (
    <Page back={{ href: '/approvals', label: 'All approvals' }} title="Request for approval">
      {request.error === null ? null : <Failure error={request.error} doing="Reading the request" />}
      {request.data === undefined ? null : <Request approval={request.data} />}
    </Page>
  );
}

function Request({ approval }: { readonly approval: ApprovalView }) {
  // Of the decision made here; the form goes with it, and this stays.
  const [execution, setExecution] = useState<ApprovalExecution | null>(null);
  return (
    <>
      <p role="status">
        <strong>{approval.status}</strong>: <bdi>{approval.summary}</bdi>
      </p>
      <DetailList
        items={[
          ['Operation', approval.operation],
          [
            'Asked by',
            <span key="requester">
              <bdi>{approval.requester.name}</bdi> ({approval.requester.kind})
            </span>,
          ],
          ['Because', approval.reason ?? 'no reason given'],
          ['Asked', <Time key="created" value={approval.createdAt} />],
          ['Expires', <Time key="expires" value={approval.expiresAt} />],
        ]}
      />
      <Plan approval={approval} />
      {approval.status === 'pending' || approval.status === 'approved' ? <Missing approval={approval} /> : null}
      {approval.votes.length === 0 ? null : <Votes approval={approval} />}
      {approval.mayDecide ? (
        <Decide approval={approval} onDecided={setExecution} />
      ) : (
        <Notice kind="info" title="Why you may not decide">
          <p>{whyNotSentence(approval.whyNot ?? 'ACCESS_DENIED')}</p>
        </Notice>
      )}
      {approval.status === 'pending' ? <Approvers approval={approval} /> : null}
      {execution?.outcome === 'failed' ? (
        <Notice kind="warning" title="Approved, but not carried out.">
          <p>{execution.message ?? execution.code ?? 'Nothing was changed. It may be tried again until it expires.'}</p>
        </Notice>
      ) : null}
      <ExportApproved approval={approval} />
      {approval.status === 'executed' && approval.resultId !== null ? <JobProgress id={approval.resultId} /> : null}
    </>
  );
}

function Plan({ approval }: { readonly approval: ApprovalView }) {
  return (
    <section className={layout.section} aria-label="Plan">
      <h2>
        <Term concept="plan-hash">What will be done, exactly</Term>
      </h2>
      <ul>
        {approval.lines.map((line) => (
          <li key={line}>
            <bdi>{line}</bdi>
          </li>
        ))}
      </ul>
      <details>
        <summary>The plan as it is hashed</summary>
        <pre className={styles.plan}>{JSON.stringify(approval.plan, null, 2)}</pre>
      </details>
      <DetailList items={[['SHA-256 of the plan', <Code key="hash" label="plan hash" value={approval.planHash} />]]} />
    </section>
  );
}

function Missing({ approval }: { readonly approval: ApprovalView }) {
  return (
    <section className={layout.section} aria-label="Missing">
      <h2>What it waits for</h2>
      <ul>
        {approval.missing.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </section>
  );
}

function Votes({ approval }: { readonly approval: ApprovalView }) {
  return (
    <section className={layout.section} aria-label="Decisions">
      <h2>Decisions</h2>
      <ul className={layout.rows}>
        {approval.votes.map((vote) => (
          <li key={vote.approver.id} className={layout.row}>
            <span>
              <bdi>{vote.approver.name}</bdi>: {vote.decision === 'approve' ? 'approved' : 'refused'}
              {vote.signed ? ', signed' : ''}
              {vote.counts ? '' : ', does not count now'}
            </span>
            <bdi>{vote.reason ?? ''}</bdi>
            <Time value={vote.at} />
          </li>
        ))}
      </ul>
    </section>
  );
}
