'use client';
import type { AuditEventView } from '@quantumvault/api';
import { useMutation, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Code } from '../../design/code.tsx';
import { DetailList } from '../../design/detail-list.tsx';
import { Failure } from '../../design/failure.tsx';
import { Page } from '../../design/page.tsx';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';

import { PinnedKeysField } from './pinned-keys.tsx';
import { ProofSteps } from './proof-steps.tsx';
import { keysFor, type PinnedKeys, verifyEvent } from './verify-events.ts';

/** One audit event: all that it says, and the proof that it is in the log. */
export function AuditEventDetail() {
  const { client, state, may } = useSession();
  const id = useSearchParams().get('id') ?? '';
  const [pinned, setPinned] = useState<PinnedKeys>(null);
  const isSignedIn = state.status === 'signed-in';
  const organizationId = isSignedIn ? state.who.organizationId : '';
  const event = useQuery({
    queryKey: ['audit', 'event', id],
    queryFn: () => client.getAuditEvent({ params: { id } }),
    enabled: isSignedIn && may('audit.read'),
  });
  const check = useMutation({
    mutationFn: async (given: AuditEventView) =>
      verifyEvent(client, { organizationId, event: given, ...(await keysFor(client, pinned)) }),
  });
  if (!isSignedIn || !may('audit.read')) return null;
  return (
    <Page
      back={{ href: '/audit', label: 'All events' }}
      title={event.data === undefined ? 'Audit event' : <bdi>{event.data.action}</bdi>}
    >
      {event.error === null ? null : <Failure error={event.error} doing="Reading the event" />}
      {event.data === undefined ? null : (
        <>
          <EventFacts event={event.data} />
          <PinnedKeysField
            value={pinned}
            onChange={(keys) => {
              setPinned(keys);
              check.reset();
            }}
          />
          <div>
            <Button kind="primary" isBusy={check.isPending} onClick={() => check.mutate(event.data)}>
              Verify in this browser
            </Button>
          </div>
          {check.error === null ? null : <Failure error={check.error} doing="Getting the proof" />}
          {check.data === undefined ? null : <ProofSteps check={check.data} />}
        </>
      )}
    </Page>
  );
}

function EventFacts({ event }: { readonly event: AuditEventView }) {
  const { actor, resource, reason } = event;
  return (
    <DetailList
      items={[
        ['Outcome', event.outcome],
        ['Time', <Time key="time" value={event.time} />],
        ['Actor', <Code key="actor" label="actor" value={`${actor.kind} ${actor.id}`} />],
        [
          'Resource',
          <Link key="resource" href={`/audit?resource=${encodeURIComponent(resource.id)}`}>
            <bdi>
              {resource.type} {resource.id}
            </bdi>
          </Link>,
        ],
        ['Source address', event.source ?? 'unknown or erased'],
        ['Reason', reason === null ? 'none given' : `${reason.code} ${reason.text ?? ''}`],
        ['Request', event.requestId ?? 'none'],
        ['Risk', `${event.riskScore} of 100`],
        ['Entry of the log', event.logIndex === null ? 'not placed yet' : String(event.logIndex)],
        ['Event', <Code key="id" label="event id" value={event.id} />],
        ...Object.entries(event.details).map(([name, value]) => [`Detail ${name}`, String(value)] as const),
      ]}
    />
  );
}
