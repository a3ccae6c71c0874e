'use client';
import { type FormEvent, type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { problemCode } from '../session/api.ts';
import { useSession } from '../session/session.tsx';
import { type StepUpMethod, stepUpMethods, stepUpWithPasskey, stepUpWithText } from '../session/step-up.ts';
import { Button } from './button.tsx';
import { Failure } from './failure.tsx';
import { Field } from './field.tsx';
import styles from './step-up.module.css';

interface Waiting {
  readonly methods: readonly StepUpMethod[];
  readonly settle: (isProven: boolean) => void;
}

/** The user closed the prompt: nothing was done. */
export class StepUpDeclinedError extends Error {
  override readonly name = 'StepUpDeclinedError';
}

/**
 * ACC-5: runs a call, and when the server wants a fresh proof of identity, asks for it and runs the call once more. The
 * prompt is an element that the caller puts on its page.
 */
export function useStepUp(): { readonly run: <T>(call: () => Promise<T>) => Promise<T>; readonly prompt: ReactNode } {
  const { client } = useSession();
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  const run = useCallback(
    async <T,>(call: () => Promise<T>): Promise<T> => {
      try {
        return await call();
      } catch (error) {
        if (problemCode(error) !== 'ACCESS_STEP_UP_REQUIRED') throw error;
      }
      const methods = await stepUpMethods(client);
      const isProven = await new Promise<boolean>((settle) => setWaiting({ methods, settle }));
      setWaiting(null);
      if (!isProven) throw new StepUpDeclinedError('nothing was done');
      return call();
    },
    [client],
  );
  return { run, prompt: waiting === null ? null : <StepUpDialog {...waiting} /> };
}

function StepUpDialog({ methods, settle }: Waiting) {
  const { client } = useSession();
  const dialog = useRef<HTMLDialogElement>(null);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  const prove = async (proof: () => Promise<void>) => {
    setIsBusy(true);
    setError(null);
    try {
      await proof();
      settle(true);
    } catch (thrown) {
      setError(thrown);
      setIsBusy(false);
    }
  };
  const typed = methods.find((method) => method !== 'passkey');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('proof') ?? '').trim();
    if (typed !== undefined) void prove(() => stepUpWithText(client, typed, text));
  };
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby="step-up-title" onClose={() => settle(false)}>
      <form className={styles.form} onSubmit={submit}>
        <h2 id="step-up-title">Is it you?</h2>
        <p>What you are about to do needs a fresh proof. Nothing has been done yet.</p>
        {error === null ? null : <Failure error={error} doing="The proof" />}
        {methods.includes('passkey') ? (
          <Button kind="primary" isBusy={isBusy} onClick={() => void prove(() => stepUpWithPasskey(client))}>
            Use a passkey
          </Button>
        ) : null}
        {typed === undefined ? null : (
          <>
            <Field
              label={typed === 'totp' ? 'Six digits of your authenticator app' : 'Your password'}
              name="proof"
              type={typed === 'totp' ? 'text' : 'password'}
              inputMode={typed === 'totp' ? 'numeric' : 'text'}
              autoComplete={typed === 'totp' ? 'one-time-code' : 'current-password'}
              required
              maxLength={256}
            />
            <Button kind="primary" type="submit" isBusy={isBusy}>
              Continue
            </Button>
          </>
        )}
        <Button kind="quiet" onClick={() => settle(false)}>
          Cancel
        </Button>
      </form>
    </dialog>
  );
}
