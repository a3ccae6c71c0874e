'use client';
import Link from 'next/link';
import { type FormEvent, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import { Field } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { useAction } from '../../design/use-action.ts';
import { useSession } from '../../session/session.tsx';
import styles from './card.module.css';
import { Card } from './card.tsx';
import { ChosenPassword, passwordProblems } from './chosen-password.tsx';
import { useLinkToken } from './link-token.ts';
import { SignedInAlready } from './signed-in-already.tsx';

/** ACC-11: a new password with the one-time token of an administrator. */
export function ResetPassword() {
  const { client, state } = useSession();
  const linkToken = useLinkToken();
  const { run, isBusy, error } = useAction();
  const [isSet, setIsSet] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const token = linkToken === '' ? String(form.get('token') ?? '').trim() : linkToken;
    const newPassword = String(form.get('new-password') ?? '');
    void run(async () => {
      await client.resetPassword({ body: { token, newPassword } });
      setIsSet(true);
    });
  };
  if (state.status === 'signed-in') return <SignedInAlready />;
  return (
    <Card title="Choose a new password">
      {isSet ? (
        <Notice kind="success" title="The new password is set.">
          <p>
            <Link href="/sign-in">Sign in with it</Link>
          </p>
        </Notice>
      ) : (
        <form className={styles.form} onSubmit={submit}>
          {error === null || passwordProblems(error) !== null ? null : <Failure error={error} doing="The change" />}
          {linkToken === '' ? (
            <Field
              label="Token"
              hint="It begins with qvp_"
              name="token"
              autoComplete="off"
              required
              pattern="\s*qvp_[A-Za-z0-9_\-]{43}\s*"
              maxLength={60}
            />
          ) : null}
          <ChosenPassword error={error} />
          <Button kind="primary" type="submit" isBusy={isBusy}>
            Set the password
          </Button>
        </form>
      )}
    </Card>
  );
}
