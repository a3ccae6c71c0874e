'use client';
import type { FormEvent } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import { Field } from '../../design/field.tsx';
import { useAction } from '../../design/use-action.ts';
import { useSession } from '../../session/session.tsx';
import styles from './card.module.css';
import { Card } from './card.tsx';
import { ChosenPassword, passwordProblems } from './chosen-password.tsx';

/** ACC-11: the session may only choose a new password, or end. */
export function NewPassword() {
  const { client, reload, signOut } = useSession();
  const { run, isBusy, error } = useAction();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const currentPassword = String(form.get('current-password') ?? '');
    const newPassword = String(form.get('new-password') ?? '');
    void run(async () => {
      const body = currentPassword === '' ? { newPassword } : { newPassword, currentPassword };
      await client.changePassword({ body });
      await reload();
    });
  };
  return (
    <Card title="Choose a new password">
      <p>Your organization wants a new password before you go on. Your other sessions end with the old one.</p>
      {error === null || passwordProblems(error) !== null ? null : <Failure error={error} doing="The change" />}
      <form className={styles.form} onSubmit={submit}>
        <Field
          label="Present password"
          hint="Leave it empty if you have just shown a second factor"
          name="current-password"
          type="password"
          autoComplete="current-password"
          maxLength={256}
        />
        <ChosenPassword error={error} />
        <Button kind="primary" type="submit" isBusy={isBusy}>
          Change the password
        </Button>
        <Button kind="quiet" onClick={() => void run(signOut)}>
          Sign out
        </Button>
      </form>
    </Card>
  );
}
