'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Button } from '../../../design/button.tsx';
import { Field } from '../../../design/field.tsx';
import layout from '../../../design/layout.module.css';
import { Notice } from '../../../design/notice.tsx';
import { useSession } from '../../../session/session.tsx';
import { ChosenPassword, passwordProblems } from '../../sign-in/chosen-password.tsx';
import styles from '../account.module.css';

/** ACC-11: a new password. All sessions end with the old one; this one goes on as a new one, in its cookies. */
export function OwnPassword() {
  const { client } = useSession();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: ({ form }: { readonly form: HTMLFormElement }) => {
      const data = new FormData(form);
      const currentPassword = String(data.get('current-password') ?? '');
      const newPassword = String(data.get('new-password') ?? '');
      return client.changePassword({
        body: currentPassword === '' ? { newPassword } : { newPassword, currentPassword },
      });
    },
    // Neither password is to stay in the page, and the answer is of no use to it.
    gcTime: 0,
    onSuccess: (_answer, { form }) => form.reset(),
    onSettled: () => queries.invalidateQueries({ queryKey: ['account', 'sessions'] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    change.mutate({ form: event.currentTarget });
  };
  return (
    <section className={layout.section} aria-label="Password">
      <h2>Password</h2>
      <form className={styles.column} onSubmit={submit}>
        <Field
          label="Present password"
          hint="Leave it empty if you have shown a second factor in the last minutes"
          name="current-password"
          type="password"
          autoComplete="current-password"
          maxLength={256}
        />
        <ChosenPassword error={change.error} />
        {passwordProblems(change.error) === null ? (
          <ActionFailure error={change.error} doing="Changing the password" />
        ) : null}
        <div>
          <Button type="submit" isBusy={change.isPending}>
            Change the password
          </Button>
        </div>
      </form>
      {change.isSuccess ? (
        <Notice kind="success" title="The password is changed.">
          <p>You stay signed in here; everywhere else you have been signed out.</p>
        </Notice>
      ) : null}
    </section>
  );
}
