'use client';
import type { TlsScanPreview } from '@quantumvault/api';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import { LinkButton } from '../../design/link-button.tsx';
import { Notice } from '../../design/notice.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useSession } from '../../session/session.tsx';
import { ScanLive } from '../scans/scan-live.tsx';
import { NotOpen } from '../scans/scan-targets.tsx';
import styles from './welcome.module.css';

/** This very server where it speaks TLS; else whatever the reader knows. */
const suggested = (): string => (location.protocol === 'https:' ? location.host : '');

/** One server by its name, scanned at once. More at a time is what the wizard of the scans is for. */
export function FirstScan({ scanId, onScan }: { readonly scanId: string; readonly onScan: (id: string) => void }) {
  const { client } = useSession();
  const { run, prompt, isBusy, error } = useGuardedAction();
  const [target, setTarget] = useState(suggested);
  const [refused, setRefused] = useState<TlsScanPreview | null>(null);
  if (scanId !== '') {
    return (
      <>
        <ScanLive key={scanId} scanId={scanId} />
        <div>
          <Button kind="quiet" onClick={() => onScan('')}>
            Scan another server
          </Button>
        </div>
      </>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(
      async () => {
        const preview = await client.previewTlsScan({ body: { targets: [target.trim()], ports: [443] } });
        if (preview.targets.length === 0) return preview;
        return (await client.discoverTls({ body: { targets: preview.targets } })).id;
      },
      (answer) => {
        if (typeof answer === 'string') return onScan(answer);
        setRefused(answer);
      },
    );
  };
  return (
    <>
      <form className={styles.form} onSubmit={submit}>
        <Field
          label="Server"
          hint="A name, with a port where it is not 443: www.example.org, mail.example.org:993"
          value={target}
          required
          maxLength={300}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setTarget(event.target.value);
            setRefused(null);
          }}
        />
        <div>
          <Button kind="primary" type="submit" isBusy={isBusy}>
            Scan it
          </Button>
        </div>
      </form>
      {refused === null ? null : <Refused preview={refused} />}
      <ActionFailure error={error} doing="Starting the scan" />
      <p className={styles.why}>
        Several servers, networks and mail come with the wizard.{' '}
        <LinkButton href="/scans/new">Open the wizard</LinkButton>
      </p>
      <details>
        <summary>No server at hand?</summary>
        <p className={styles.why}>
          Beside this installation <code>npm run example:tls -- --port 8443</code> starts one that speaks TLS as most do
          today. The operator lets it be scanned by starting this one with{' '}
          <code>QV_SCAN_ALLOW=127.0.0.1/32 npm start</code>; then scan <code>127.0.0.1:8443</code>.
        </p>
      </details>
      {prompt}
    </>
  );
}

function Refused({ preview }: { readonly preview: TlsScanPreview }) {
  const [unreadable] = preview.unreadable;
  if (unreadable === undefined) return <NotOpen count={preview.refused.length} />;
  return (
    <Notice kind="warning" title="That is no server that can be scanned.">
      <p>
        <bdi>{unreadable.reason}</bdi>
      </p>
    </Notice>
  );
}
