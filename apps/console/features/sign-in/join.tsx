'use client';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import { Field } from '../../design/field.tsx';
import { useAction } from '../../design/use-action.ts';
import { useSession } from '../../session/session.tsx';
import styles from './card.module.css';
import { Card } from './card.tsx';
import { ChosenPassword, passwordProblems } from './chosen-password.tsx';
import { useLinkToken } from './link-token.ts';
import { SignedInAlready } from './signed-in-already.tsx';

/** ACC-12: from an invitation to a member, and on to the sign-in with what was just chosen. */
export function Join() {
  const { client, state, reload } = useSession();
  const router = useRouter();
  const linkToken = useLinkToken();
  const { run, isBusy, error } = useAction();
  const [isMember, setIsMember] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '');
    const token = linkToken === '' ? text('token').trim() : linkToken;
    const password = text('new-password');
    void run(async () => {
      const joined = await client.join({ body: { token, password, displayName: text('name').trim() } });
      setIsMember(true);
      const { email, organizationId } = joined;
      const answer = await client.signIn({ body: { email, password, organizationId } });
      // Whatever else is needed, the sign-in asks for it.
      if (answer.status !== 'signed-in' || answer.mustChangePassword) return router.replace('/sign-in');
      await reload();
      router.replace('/');
    });
  };
  if (state.status === 'signed-in' && !isMember) return <SignedInAlready />;
  return (
    <Card title="Join your organization">
      {error === null || passwordProblems(error) !== null ? null : (
        <Failure error={error} doing={isMember ? 'You have joined, but the sign-in' : 'Joining'} />
      )}
      <form className={styles.form} onSubmit={submit}>
        {linkToken === '' ? (
          <Field
            label="Invitation"
            hint="The end of the link that you were given, after token="
            name="token"
            autoComplete="off"
            required
            maxLength={200}
          />
        ) : null}
        <Field label="Your name" hint="Others see it" name="name" autoComplete="name" required maxLength={200} />
        <ChosenPassword error={error} />
        <Button kind="primary" type="submit" isBusy={isBusy}>
          Join
        </Button>
      </form>
    </Card>
  );
}
