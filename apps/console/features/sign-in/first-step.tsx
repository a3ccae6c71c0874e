'use client';
import type { SecondFactorMethod, SignedIn } from '@quantumvault/api';
import { type FormEvent, useRef } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import { Field } from '../../design/field.tsx';
import { useAction } from '../../design/use-action.ts';
import { PasskeyDeclinedError, passkeyObstacle, placeOfPasskeys, showPasskey } from '../../session/passkeys.ts';
import { useSession } from '../../session/session.tsx';
import styles from './card.module.css';
import { Card } from './card.tsx';

/** What stands between the first step and the second. */
export interface Ticket {
  readonly ticket: string;
  readonly methods: readonly SecondFactorMethod[];
}

export interface FirstStepProps {
  readonly onEnter: (session: SignedIn) => Promise<void>;
  readonly onTicket: (ticket: Ticket) => void;
}

export function FirstStep({ onEnter, onTicket }: FirstStepProps) {
  const { client } = useSession();
  const { run, isBusy, error } = useAction();
  const password = useRef<HTMLInputElement>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '');
    const organizationId = text('organization').trim().toLowerCase();
    const isDone = await run(async () => {
      const body = { email: text('email').trim(), password: text('password') };
      const answer = await client.signIn({ body: organizationId === '' ? body : { ...body, organizationId } });
      if (answer.status === 'second-factor') onTicket(answer);
      else await onEnter(answer);
    });
    // A password that was wrong is not corrected but typed anew; the address stays.
    if (isDone || password.current === null) return;
    password.current.value = '';
    password.current.focus();
  }
  const withPasskey = () =>
    run(async () => {
      const ceremony = await client.startPasskeySignIn();
      const credential = await showPasskey(ceremony);
      await onEnter(await client.signInWithPasskey({ body: { challengeId: ceremony.challengeId, credential } }));
    });
  return (
    <Card title="Sign in">
      {error === null || error instanceof PasskeyDeclinedError ? null : <Failure error={error} doing="The sign-in" />}
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <Field label="Email" name="email" type="email" autoComplete="username" required maxLength={320} />
        <Field
          ref={password}
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          maxLength={256}
        />
        <Button kind="primary" type="submit" isBusy={isBusy}>
          Sign in
        </Button>
        <PasskeyOffer isBusy={isBusy} onUse={() => void withPasskey()} />
        <details className={styles.aside}>
          <summary>Your address has accounts in several organizations?</summary>
          <Field
            label="Organization"
            hint="Its id, as an administrator can tell you"
            name="organization"
            pattern="[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
            maxLength={36}
          />
        </details>
      </form>
      <p className={styles.aside}>
        Forgotten, or no account yet? An administrator gives you a link with which you choose a password. The first
        administrator’s email and password are in the file that <code>npm start</code> named at the first start.
      </p>
    </Card>
  );
}

/** A passkey where this page can use one, and else the way to where it can. */
function PasskeyOffer({ isBusy, onUse }: { readonly isBusy: boolean; readonly onUse: () => void }) {
  const obstacle = passkeyObstacle();
  const place = placeOfPasskeys();
  if (obstacle === null) {
    return (
      <Button isBusy={isBusy} onClick={onUse}>
        Use a passkey
      </Button>
    );
  }
  return (
    <p className={styles.aside}>
      <span>
        {obstacle} {place === null ? null : <a href={place}>Go to where passkeys work</a>}
      </span>
    </p>
  );
}
