'use client';
import type { SecondFactorMethod, SignedIn } from '@quantumvault/api';
import { type FormEvent, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import { Field } from '../../design/field.tsx';
import { useAction } from '../../design/use-action.ts';
import { PasskeyDeclinedError, passkeyObstacle, showPasskey } from '../../session/passkeys.ts';
import { useSession } from '../../session/session.tsx';
import styles from './card.module.css';
import { Card } from './card.tsx';
import type { Ticket } from './first-step.tsx';

/** The safest first. */
const offers: readonly (readonly [method: SecondFactorMethod, text: string])[] = [
  ['passkey', 'Use a passkey'],
  ['totp', 'Use the authenticator app'],
  ['recovery-code', 'Use a recovery code'],
];

export interface SecondStepProps {
  readonly ticket: Ticket;
  readonly onEnter: (session: SignedIn) => Promise<void>;
  readonly onBack: () => void;
}

/** ACC-2: the second factor, of those that this user has and this page can use. */
export function SecondStep({ ticket: { ticket, methods }, onEnter, onBack }: SecondStepProps) {
  const { client } = useSession();
  const { run, isBusy, error, clear } = useAction();
  const usable = offers.filter(
    ([method]) => methods.includes(method) && (method !== 'passkey' || passkeyObstacle() === null),
  );
  const [method, setMethod] = useState<SecondFactorMethod>(usable[0]?.[0] ?? 'recovery-code');
  const withPasskey = async () => {
    const ceremony = await client.startSecondFactorPasskey({ body: { ticket } });
    const credential = await showPasskey(ceremony);
    const { challengeId } = ceremony;
    await onEnter(await client.completeSecondFactor({ body: { ticket, method: 'passkey', challengeId, credential } }));
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get('code') ?? '').trim();
    const code = method === 'totp' ? typed.replaceAll(/\s/g, '') : typed;
    void run(async () => {
      if (method === 'passkey') await withPasskey();
      else await onEnter(await client.completeSecondFactor({ body: { ticket, method, code } }));
    });
  };
  return (
    <Card title="Second step">
      {error === null || error instanceof PasskeyDeclinedError ? null : <Failure error={error} doing="This step" />}
      <form className={styles.form} onSubmit={submit}>
        <p>Your password was right. Now show a second thing that only you have.</p>
        <CodeField method={method} />
        <Button kind="primary" type="submit" isBusy={isBusy}>
          {method === 'passkey' ? 'Use a passkey' : 'Continue'}
        </Button>
        {usable
          .filter(([one]) => one !== method)
          .map(([one, text]) => (
            <Button
              key={one}
              kind="quiet"
              onClick={() => {
                clear();
                setMethod(one);
              }}
            >
              {text}
            </Button>
          ))}
        <Button kind="quiet" onClick={onBack}>
          Begin again
        </Button>
      </form>
    </Card>
  );
}

function CodeField({ method }: { readonly method: SecondFactorMethod }) {
  if (method === 'passkey') return null;
  if (method === 'totp') {
    return (
      <Field
        key={method}
        label="Six digits of your authenticator app"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="\s*([0-9]\s*){6}"
        required
        maxLength={12}
      />
    );
  }
  return (
    <Field
      key={method}
      label="Recovery code"
      hint="One of the ten that you were given with your first factor; each is good once"
      name="code"
      autoComplete="off"
      required
      minLength={6}
      maxLength={40}
    />
  );
}
