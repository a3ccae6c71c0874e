'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { EmptyState } from '../../design/empty-state.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useListing } from '../../design/use-listing.tsx';
import { useSession } from '../../session/session.tsx';
import { requestDurations } from './durations.ts';
import { RequestRow } from './request-row.tsx';
import { type AskedRole, RoleAndReason } from './role-and-reason.tsx';

/** ACC-8: asking for a role for a time, and what became of it. */
export function AskForAccess() {
  const { client } = useSession();
  const queries = useQueryClient();
  const asking = useGuardedAction();
  const [asked, setAsked] = useState<string | null>(null);
  const ask = (body: AskedRole) =>
    void asking.run(
      () => client.requestAccess({ body }),
      ({ role }) => {
        setAsked(role);
        return queries.invalidateQueries({ queryKey: ['access'] });
      },
    );
  return (
    <section className={layout.section} aria-label="Ask for access">
      <h2>Ask for access</h2>
      <RoleAndReason
        label="Ask for access"
        durations={requestDurations}
        press="Ask"
        kind="primary"
        isBusy={asking.isBusy}
        onSubmit={ask}
      >
        <ActionFailure error={asking.error} doing="Asking" />
      </RoleAndReason>
      {asked === null ? null : (
        <Notice kind="success" title={`Asked for ${asked}.`}>
          <p>Somebody who may give it decides. It begins with the approval, and ends by itself.</p>
        </Notice>
      )}
      {asking.prompt}
    </section>
  );
}

/** Own requests, and those that the reader may decide. */
export function Requests() {
  const { client } = useSession();
  const requests = useListing({
    queryKey: ['access', 'requests'],
    read: (cursor) => client.listAccessRequests({ query: { limit: 50, cursor } }),
    things: 'requests',
  });
  return (
    <section className={layout.section} aria-label="Requests">
      <h2>Requests</h2>
      {requests.failure}
      {requests.isWaiting ? <Skeleton label="Reading the requests" /> : null}
      {requests.isEmpty ? (
        <EmptyState icon="access" title="Nobody has asked">
          A role that is needed for an afternoon need not be held for a year: ask for it above, with the reason.
        </EmptyState>
      ) : null}
      {requests.items.length === 0 ? null : (
        <ul className={layout.rows} aria-label="Requests">
          {requests.items.map((request) => (
            <RequestRow key={request.id} value={request} />
          ))}
        </ul>
      )}
      {requests.more}
    </section>
  );
}
