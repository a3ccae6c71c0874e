'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Button } from '../../../design/button.tsx';
import layout from '../../../design/layout.module.css';
import { Notice } from '../../../design/notice.tsx';
import { Term } from '../../../design/term.tsx';
import { useGuardedAction } from '../../../design/use-guarded-action.ts';
import { useSession } from '../../../session/session.tsx';
import styles from '../account.module.css';

export interface RecoveryCodesProps {
  readonly left: number;
  readonly isEnrolled: boolean;
  /** Those that were just made; empty: none to show. */
  readonly codes: readonly string[];
  readonly onCodes: (codes: readonly string[]) => void;
}

/** Fewer than this, and it is time for new ones. */
const fewCodes = 4;

/** ACC-2: the way in when every other factor is lost. They are shown once, until their owner has put them away. */
export function RecoveryCodes({ left, isEnrolled, codes, onCodes }: RecoveryCodesProps) {
  const { client } = useSession();
  const queries = useQueryClient();
  const renewal = useGuardedAction();
  const renew = () =>
    void renewal.run(
      () => client.createRecoveryCodes(),
      ({ recoveryCodes }) => {
        onCodes(recoveryCodes);
        return queries.invalidateQueries({ queryKey: ['account', 'factors'] });
      },
    );
  if (!isEnrolled) return null;
  return (
    <section className={layout.section} aria-label="Recovery codes">
      <h2>
        <Term concept="recovery-code">Recovery codes</Term>
      </h2>
      {codes.length > 0 ? (
        <NewCodes codes={codes} onDone={() => onCodes([])} />
      ) : (
        <>
          {left < fewCodes ? (
            <Notice kind="warning" title={left === 0 ? 'You have no recovery codes.' : `Only ${left} are left.`}>
              <p>Without them, losing your device means asking an administrator. Make new ones and put them away.</p>
            </Notice>
          ) : (
            <p>You have {left} unused codes. Each lets you in once when your other factors are lost.</p>
          )}
          <div>
            <Button isBusy={renewal.isBusy} onClick={renew}>
              Make new codes
            </Button>
          </div>
        </>
      )}
      <ActionFailure error={renewal.error} doing="Making new codes" />
      {renewal.prompt}
    </section>
  );
}

function NewCodes({ codes, onDone }: { readonly codes: readonly string[]; readonly onDone: () => void }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  const text = `QuantumVault recovery codes of ${location.host}\n\n${codes.join('\n')}\n`;
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => setCopied('yes'),
      () => setCopied('failed'),
    );
  const download = () => {
    const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = address;
    link.download = 'quantumvault-recovery-codes.txt';
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <Notice kind="success" title="Put these codes away where your telephone is not. They are shown this once.">
      <ul className={styles.codes} aria-label="New recovery codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p>Each is good once. All former codes are void.</p>
      <div className={styles.buttons}>
        <Button onClick={copy}>{copied === 'yes' ? 'Copied' : 'Copy all'}</Button>
        <Button onClick={download}>Download as text</Button>
        <Button kind="primary" onClick={onDone}>
          I have put them away
        </Button>
      </div>
      {copied === 'failed' ? <p>The browser did not let this page copy: download them or write them down.</p> : null}
    </Notice>
  );
}
