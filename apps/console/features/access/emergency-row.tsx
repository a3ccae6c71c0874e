'use client';
import type { BreakGlassView } from '@quantumvault/api';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { Select } from '../../design/select.tsx';
import { Time } from '../../design/time.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useSession } from '../../session/session.tsx';
import { placeText } from '../organization/places.ts';
import { usePlaces } from '../organization/use-places.ts';
import { useNames } from '../people/use-names.ts';

const verdicts = [
  ['justified', 'It was justified'],
  ['unjustified', 'It was not: the role ends now'],
] as const;

/** ACC-8: one emergency and its review, which nobody writes about himself. */
export function EmergencyRow({ value: emergency }: { readonly value: BreakGlassView }) {
  const { client, state, may } = useSession();
  const queries = useQueryClient();
  const { places } = usePlaces();
  const nameOf = useNames();
  const action = useGuardedAction();
  const [isReviewing, setIsReviewing] = useState(false);
  const isOwn = state.status === 'signed-in' && state.who.actorId === emergency.subjectId;
  const review = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const verdict = form.get('verdict') === 'unjustified' ? 'unjustified' : 'justified';
    const body = { verdict, note: String(form.get('note') ?? '').trim() } as const;
    void action.run(
      () => client.reviewBreakGlass({ params: { id: emergency.grantId }, body }),
      () => {
        setIsReviewing(false);
        return queries.invalidateQueries({ queryKey: ['access'] });
      },
    );
  };
  return (
    <li className={layout.row}>
      <div className={layout.main}>
        <strong>
          <bdi>{nameOf(emergency.subjectId)}</bdi> took {emergency.role}
        </strong>
        <span>
          in {placeText(emergency.place, places)}, <Time value={emergency.createdAt} />
        </span>
        <span className={layout.muted}>
          <bdi>{emergency.reason}</bdi>
        </span>
      </div>
      {emergency.reviewedAt === null ? (
        <span className={emergency.overdue ? layout.danger : layout.warning}>
          {emergency.overdue ? 'review overdue since' : 'to be reviewed'} <Time value={emergency.reviewDueAt} />
        </span>
      ) : (
        <div className={layout.main}>
          <span>
            {emergency.verdict}, says <bdi>{nameOf(emergency.reviewedBy)}</bdi>
          </span>
          <span className={layout.muted}>
            <bdi>{emergency.note}</bdi>
          </span>
        </div>
      )}
      {emergency.reviewedAt === null && !isOwn && may('access.review') && !isReviewing ? (
        <Button onClick={() => setIsReviewing(true)}>
          Review…<span className="hidden-text"> the emergency of {nameOf(emergency.subjectId)}</span>
        </Button>
      ) : null}
      {isReviewing ? (
        <form className={layout.form} onSubmit={review} aria-label="Review">
          <Select label="Verdict" name="verdict" options={verdicts} />
          <Field label="Note" name="note" required maxLength={1_000} />
          <ActionFailure error={action.error} doing="The review" />
          <Button kind="primary" type="submit" isBusy={action.isBusy}>
            Keep the review
          </Button>
        </form>
      ) : null}
      {action.prompt}
    </li>
  );
}
