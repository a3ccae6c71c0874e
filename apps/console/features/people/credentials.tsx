'use client';
import type { QuantumVaultClient } from '@quantumvault/api';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { ConfirmButton } from '../../design/confirm-button.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { ShownOnce } from '../../design/shown-once.tsx';
import { Time } from '../../design/time.tsx';
import { useToast } from '../../design/toast.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useSession } from '../../session/session.tsx';

type Reset = Awaited<ReturnType<QuantumVaultClient['createPasswordReset']>>;

/** ACC-2, ACC-11: help for somebody who cannot sign in, and the end of credentials that somebody else may have. */
export function Credentials({ userId }: { readonly userId: string }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const toast = useToast();
  const action = useGuardedAction();
  const [reset, setReset] = useState<Reset | null>(null);
  const params = { id: userId };
  /** These calls end sessions too. */
  const refresh = () => queries.invalidateQueries({ queryKey: ['people', 'sessions', userId] });
  const act = (call: () => Promise<unknown>, text: string) =>
    void action.run(call, () => {
      toast({ text });
      return refresh();
    });
  const makeReset = () =>
    void action.run(
      () => client.createPasswordReset({ params }),
      (answer) => {
        setReset(answer);
        return refresh();
      },
    );
  return (
    <section className={layout.section} aria-label="Password and second factors">
      <h2>Password and second factors</h2>
      {reset === null ? null : (
        <ShownOnce
          title="Give this link to the person. It is shown this once."
          label="link for a new password"
          value={`${location.origin}/reset-password#token=${encodeURIComponent(reset.token)}`}
          onDone={() => setReset(null)}
        >
          <p>
            Whoever has it sets the password once, until <Time value={reset.expiresAt} />.
          </p>
        </ShownOnce>
      )}
      <div className={layout.buttons}>
        <ConfirmButton
          label="Reset the password"
          sure="End all sessions and make a link for a new password"
          isBusy={action.isBusy}
          onConfirm={makeReset}
        />
        <ConfirmButton
          label="Demand a new password"
          sure="End all sessions; the next sign-in must choose a new password"
          isBusy={action.isBusy}
          onConfirm={() =>
            act(() => client.requirePasswordChange({ params }), 'The next sign-in must choose a new password.')
          }
        />
        <Button
          isBusy={action.isBusy}
          onClick={() => act(() => client.unlockSignIn({ params }), 'The failed sign-ins are forgotten.')}
        >
          Unlock the sign-in
        </Button>
      </div>
      <ActionFailure error={action.error} doing="This" />
      {action.prompt}
      <FactorsReset userId={userId} onDone={refresh} />
    </section>
  );
}

/** The removal of every second factor needs a reason, which the record keeps. */
function FactorsReset({ userId, onDone }: { readonly userId: string; readonly onDone: () => Promise<unknown> }) {
  const { client } = useSession();
  const toast = useToast();
  const action = useGuardedAction();
  const [isOpen, setIsOpen] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim();
    void action.run(
      () => client.resetUserFactors({ params: { id: userId }, body: { reason } }),
      ({ removed }) => {
        setIsOpen(false);
        toast({ text: removed === 1 ? 'One second factor is removed.' : `${removed} second factors are removed.` });
        return onDone();
      },
    );
  };
  if (!isOpen) {
    return (
      <div className={layout.buttons}>
        <Button kind="danger" onClick={() => setIsOpen(true)}>
          Remove the second factors…
        </Button>
      </div>
    );
  }
  return (
    <form className={layout.stack} onSubmit={submit} aria-label="Remove the second factors">
      <p>Passkeys, authenticator app and recovery codes stop to work now. Be sure that it is this person who asks.</p>
      <Field label="Why they are removed" name="reason" required maxLength={500} />
      <ActionFailure error={action.error} doing="Removing the second factors" />
      <div className={layout.buttons}>
        <Button kind="danger" type="submit" isBusy={action.isBusy}>
          Remove all of them, for good
        </Button>
        <Button kind="quiet" onClick={() => setIsOpen(false)}>
          Keep
        </Button>
      </div>
      {action.prompt}
    </form>
  );
}
