'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { useSession } from '../../session/session.tsx';

/** The name that others see. Who may read people finds the present one in the field. */
export function OwnName() {
  const { client, state, may } = useSession();
  const queries = useQueryClient();
  const id = state.status === 'signed-in' ? state.who.actorId : '';
  const self = useQuery({
    queryKey: ['people', 'person', id],
    queryFn: () => client.getUser({ params: { id } }),
    enabled: may('user.read'),
  });
  const rename = useMutation({
    mutationFn: (displayName: string) => client.renameSelf({ body: { displayName } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['people'] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name') ?? '').trim();
    if (name !== '') rename.mutate(name);
  };
  return (
    <section className={layout.section} aria-label="Name">
      <h2>Your name</h2>
      <form className={layout.form} onSubmit={submit}>
        <Field
          key={self.data?.displayName}
          label="Name that others see"
          name="name"
          autoComplete="name"
          defaultValue={self.data?.displayName}
          required
          maxLength={200}
        />
        <Button type="submit" isBusy={rename.isPending}>
          Change the name
        </Button>
      </form>
      <ActionFailure error={rename.error} doing="Changing the name" />
      {rename.data === undefined ? null : <Notice kind="success" title={`You are ${rename.data.displayName} now.`} />}
    </section>
  );
}
