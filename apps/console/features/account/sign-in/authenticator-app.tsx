'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Button } from '../../../design/button.tsx';
import { Code } from '../../../design/code.tsx';
import { ConfirmButton } from '../../../design/confirm-button.tsx';
import { Field } from '../../../design/field.tsx';
import layout from '../../../design/layout.module.css';
import { useStepUp } from '../../../design/step-up.tsx';
import { Term } from '../../../design/term.tsx';
import { Time } from '../../../design/time.tsx';
import { useSession } from '../../../session/session.tsx';
import styles from '../account.module.css';
import { QrCode } from './qr-code.tsx';

export interface AuthenticatorAppProps {
  readonly app: { readonly createdAt: string; readonly lastUsedAt: string | null } | null;
  readonly onCodes: (codes: readonly string[]) => void;
}

/** ACC-2: an authenticator app. Its secret is shown while it is set up, drawn in this page and sent nowhere. */
export function AuthenticatorApp({ app, onCodes }: AuthenticatorAppProps) {
  const { client } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const onSettled = () => queries.invalidateQueries({ queryKey: ['account', 'factors'] });
  const start = useMutation({ mutationFn: () => run(() => client.startTotp()), gcTime: 0 });
  const remove = useMutation({ mutationFn: () => run(() => client.removeTotp()), onSettled });
  const confirm = useMutation({
    mutationFn: (code: string) => run(() => client.confirmTotp({ body: { code } })),
    gcTime: 0,
    onSuccess: ({ recoveryCodes }) => {
      start.reset();
      if (recoveryCodes.length > 0) onCodes(recoveryCodes);
    },
    onSettled,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get('code') ?? '');
    confirm.mutate(typed.replaceAll(/\s/g, ''));
  };
  return (
    <section className={layout.section} aria-label="Authenticator app">
      <h2>
        <Term concept="one-time-code">Authenticator app</Term>
      </h2>
      <p className={layout.muted}>An app on your telephone shows six digits that change every half minute.</p>
      {app === null ? null : (
        <div className={layout.row}>
          <span className={styles.facts}>
            <span>
              In use since <Time value={app.createdAt} />
            </span>
            {app.lastUsedAt === null ? null : (
              <span className={layout.muted}>
                last used <Time value={app.lastUsedAt} />
              </span>
            )}
          </span>
          <ConfirmButton
            label="Remove the app"
            sure="Remove it for good"
            isBusy={remove.isPending}
            onConfirm={() => remove.mutate()}
          />
        </div>
      )}
      {app === null && start.data === undefined ? (
        <div>
          <Button isBusy={start.isPending} onClick={() => start.mutate()}>
            Set up an app
          </Button>
        </div>
      ) : null}
      {app === null && start.data !== undefined ? (
        <div className={styles.enrol}>
          <QrCode text={start.data.uri} label="Code for your authenticator app" />
          <form className={styles.column} onSubmit={submit}>
            <p>Scan the code with your app, or type this secret into it. It is shown this once.</p>
            <Code label="secret of the app" value={start.data.secret} />
            <Field
              label="Six digits that the app shows now"
              name="code"
              inputMode="numeric"
              autoComplete="one-time-code"
              pattern="\s*([0-9]\s*){6}"
              required
              maxLength={12}
            />
            <div className={styles.buttons}>
              <Button kind="primary" type="submit" isBusy={confirm.isPending}>
                Put it in use
              </Button>
              <Button
                kind="quiet"
                onClick={() => {
                  start.reset();
                  confirm.reset();
                }}
              >
                Not now
              </Button>
            </div>
            <ActionFailure error={confirm.error} doing="The check of the six digits" />
          </form>
        </div>
      ) : null}
      <ActionFailure error={start.error} doing="Setting up the app" />
      <ActionFailure error={remove.error} doing="Removing the app" />
      {prompt}
    </section>
  );
}
