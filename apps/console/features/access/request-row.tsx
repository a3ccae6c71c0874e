'use client';
import type { AccessRequestView } from '@quantumvault/api';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { Time } from '../../design/time.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useSession } from '../../session/session.tsx';
import { placeText } from '../organization/places.ts';
import { usePlaces } from '../organization/use-places.ts';
import { useNames } from '../people/use-names.ts';
import { durationText } from './durations.ts';

/** ACC-8: one request; its asker may take it back, somebody else decides it. */
export function RequestRow({ value: request }: { readonly value: AccessRequestView }) {
  const { client, state, may } = useSession();
  const queries = useQueryClient();
  const { places } = usePlaces();
  const nameOf = useNames();
  const action = useGuardedAction();
  const [isDenying, setIsDenying] = useState(false);
  const isOwn = state.status === 'signed-in' && state.who.actorId === request.subjectId;
  const isOpen = request.status === 'pending';
  const call = { params: { id: request.id } };
  const refresh = () => queries.invalidateQueries({ queryKey: ['access'] });
  const deny = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim();
    void action.run(() => client.denyAccessRequest({ ...call, body: { reason } }), refresh);
  };
  return (
    <li className={layout.row}>
      <div className={layout.main}>
        <strong>
          <bdi>{nameOf(request.subjectId)}</bdi>: {request.role}
        </strong>
        <span>
          for {durationText(request.durationSeconds)}, in {placeText(request.place, places)}
        </span>
        <span className={layout.muted}>
          <bdi>{request.reason}</bdi>
        </span>
        <ActionFailure error={action.error} doing="That" />
      </div>
      <Outcome value={request} nameOf={nameOf} />
      <div className={layout.buttons}>
        {isOpen && isOwn ? (
          <Button
            isBusy={action.isBusy}
            onClick={() => void action.run(() => client.withdrawAccessRequest(call), refresh)}
          >
            Take back<span className="hidden-text"> the request for {request.role}</span>
          </Button>
        ) : null}
        {isOpen && !isOwn && may('access.decide') && !isDenying ? (
          <>
            <Button
              kind="primary"
              isBusy={action.isBusy}
              onClick={() => void action.run(() => client.approveAccessRequest({ ...call, body: {} }), refresh)}
            >
              Give<span className="hidden-text"> {request.role}</span>
            </Button>
            <Button onClick={() => setIsDenying(true)}>
              Refuse…<span className="hidden-text"> {request.role}</span>
            </Button>
          </>
        ) : null}
      </div>
      {isDenying && isOpen ? (
        <form className={layout.form} onSubmit={deny} aria-label="Refuse">
          <Field label="Why not" name="reason" required maxLength={1_000} />
          <Button kind="danger" type="submit" isBusy={action.isBusy}>
            Refuse it
          </Button>
          <Button kind="quiet" onClick={() => setIsDenying(false)}>
            Keep it open
          </Button>
        </form>
      ) : null}
      {action.prompt}
    </li>
  );
}

function Outcome({
  value: request,
  nameOf,
}: {
  readonly value: AccessRequestView;
  readonly nameOf: (id: string | null) => string;
}) {
  if (request.status === 'pending') {
    return (
      <span>
        open; lapses <Time value={request.lapsesAt} />
      </span>
    );
  }
  if (request.decidedAt === null) return <span>{request.status}</span>;
  return (
    <div className={layout.main}>
      <span>
        {request.status} by <bdi>{nameOf(request.decidedBy)}</bdi> <Time value={request.decidedAt} />
      </span>
      {request.decisionReason === null ? null : (
        <span className={layout.muted}>
          <bdi>{request.decisionReason}</bdi>
        </span>
      )}
    </div>
  );
}
