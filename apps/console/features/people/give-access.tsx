'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Button } from '../../design/button.tsx';
import { nowMs } from '../../design/clock.ts';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { Select } from '../../design/select.tsx';
import { StepUpDeclinedError, useStepUp } from '../../design/step-up.tsx';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';
import { PlaceChoice } from '../organization/place-choice.tsx';
import { type PlaceInput, placeInputOf, placeText } from '../organization/places.ts';
import { usePlaces } from '../organization/use-places.ts';
import { roleOptions } from './role-options.ts';

const hour = 3_600;
const durations: readonly (readonly [seconds: string, text: string])[] = [
  [String(hour), '1 hour'],
  [String(8 * hour), '8 hours'],
  [String(24 * hour), '1 day'],
  [String(48 * hour), '2 days'],
  [String(7 * 24 * hour), '1 week'],
  [String(30 * 24 * hour), '30 days'],
  ['0', 'until it is revoked'],
];

interface Given {
  readonly role: string;
  readonly seconds: number;
  readonly place: PlaceInput | undefined;
}

/** ACC-1, ACC-8: gives a role, in a place, for a time. The roles that only read come first, and a time is the default. */
export function GiveAccess({ subjectId }: { readonly subjectId: string }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const { places } = usePlaces();
  const { run, prompt } = useStepUp();
  const roles = useQuery({
    queryKey: ['people', 'roles'],
    queryFn: () => client.listRoles({ query: { limit: 200 } }),
  });
  const give = useMutation({
    mutationFn: ({ role, seconds, place }: Given) => {
      const expiresAt = seconds === 0 ? {} : { expiresAt: new Date(nowMs() + seconds * 1000).toISOString() };
      return run(() =>
        client.createGrant({ body: { subjectId, role, ...(place === undefined ? {} : { place }), ...expiresAt } }),
      );
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['people'] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    give.mutate({
      role: String(form.get('role')),
      seconds: Number(form.get('seconds')),
      place: placeInputOf(String(form.get('place') ?? '')),
    });
  };
  if (roles.data === undefined) return null;
  return (
    <section className={layout.section} aria-label="Give access">
      <h2>Give access</h2>
      <form className={layout.form} onSubmit={submit}>
        <Select label="Role" name="role" options={roleOptions(roles.data.items)} />
        <PlaceChoice />
        <Select label="For" name="seconds" options={durations} defaultValue={String(48 * hour)} />
        <Button kind="primary" type="submit" isBusy={give.isPending}>
          Give
        </Button>
      </form>
      {give.error === null || give.error instanceof StepUpDeclinedError ? null : (
        <Failure error={give.error} doing="Giving access" />
      )}
      {give.data === undefined ? null : (
        <Notice kind="success" title={`Given: ${give.data.role}.`}>
          <p>
            In {placeText(give.data.place, places)}.{' '}
            {give.data.expiresAt === null ? (
              'Until it is revoked.'
            ) : (
              <>
                It ends by itself <Time value={give.data.expiresAt} />.
              </>
            )}
          </p>
        </Notice>
      )}
      {prompt}
    </section>
  );
}
