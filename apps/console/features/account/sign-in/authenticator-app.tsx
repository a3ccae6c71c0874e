'use client';
import type { QuantumVaultClient } from '@quantumvault/api';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Button } from '../../../design/button.tsx';
import { Code } from '../../../design/code.tsx';
import { ConfirmButton } from '../../../design/confirm-button.tsx';
import { Field } from '../../../design/field.tsx';
import layout from '../../../design/layout.module.css';
import { Term } from '../../../design/term.tsx';
import { Time } from '../../../design/time.tsx';
import { useGuardedAction } from '../../../design/use-guarded-action.ts';
import { useSession } from '../../../session/session.tsx';
import styles from '../account.module.css';
import { QrCode } from './qr-code.tsx';

type Setup = Awaited<ReturnType<QuantumVaultClient['startTotp']>>;

export interface AuthenticatorAppProps {
  readonly app: { readonly createdAt: string; readonly lastUsedAt: string | null } | null;
  readonly onCodes: (codes: readonly string[]) => void;
}

/** ACC-2: an authenticator app. Its secret is shown while it is set up, drawn in this page and sent nowhere. */
export function AuthenticatorApp({ app, onCodes }: AuthenticatorAppProps) {
  const { client } = useSession();
  const queries = useQueryClient();
  const starting = useGuardedAction();
  const removal = useGuardedAction();
  const check = useGuardedAction();
  const [setup, setSetup] = useState<Setup | null>(null);
  const refresh = () => queries.invalidateQueries({ queryKey: ['account', 'factors'] });
  const start = () => void starting.run(() => client.startTotp(), setSetup);
  const remove = () => void removal.run(() => client.removeTotp(), refresh);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get('code') ?? '');
    const code = typed.replaceAll(/\s/g, '');
    void check.run(
      () => client.confirmTotp({ body: { code } }),
      ({ recoveryCodes }) => {
        setSetup(null);
        if (recoveryCodes.length > 0) onCodes(recoveryCodes);
        return refresh();
      },
    );
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
          <ConfirmButton label="Remove the app" sure="Remove it for good" isBusy={removal.isBusy} onConfirm={remove} />
        </div>
      )}
      {app === null && setup === null ? (
        <div>
          <Button isBusy={starting.isBusy} onClick={start}>
            Set up an app
          </Button>
        </div>
      ) : null}
      {app === null && setup !== null ? (
        <div className={styles.enrol}>
          <QrCode text={setup.uri} label="Code for your authenticator app" />
          <form className={styles.column} onSubmit={submit}>
            <p>Scan the code with your app, or type this secret into it. It is shown this once.</p>
            <Code label="secret of the app" value={setup.secret} />
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
              <Button kind="primary" type="submit" isBusy={check.isBusy}>
                Put it in use
              </Button>
              <Button
                kind="quiet"
                onClick={() => {
                  setSetup(null);
                  check.clear();
                }}
              >
                Not now
              </Button>
            </div>
            <ActionFailure error={check.error} doing="The check of the six digits" />
          </form>
        </div>
      ) : null}
      <ActionFailure error={starting.error} doing="Setting up the app" />
      <ActionFailure error={removal.error} doing="Removing the app" />
      {starting.prompt}
      {removal.prompt}
      {check.prompt}
    </section>
  );
}
