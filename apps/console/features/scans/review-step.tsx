'use client';
import type { TlsScanPreview } from '@quantumvault/api';
import { Button } from '../../design/button.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { NotOpen } from './scan-targets.tsx';
import type { StepProps } from './scan-wizard.tsx';
import { refusalSentence } from './scan-words.ts';
import styles from './scans.module.css';

const shownMax = 50;
const reach = { internal: 'the own network', partner: 'networks of partners', internet: 'the internet' } as const;

/** What the server said it would do; the last button begins it. */
export function ReviewStep({
  draft,
  preview,
  isBusy,
  onBack,
  onStart,
}: Omit<StepProps, 'change'> & {
  readonly preview: TlsScanPreview;
  readonly onBack: () => void;
  readonly onStart: () => void;
}) {
  const { targets, named, refused, unreadable, connections, needsApproval, publicOnly } = preview;
  const count = targets.length;
  return (
    <div className={styles.form}>
      {count === 0 ? (
        <Notice kind="warning" title="Nothing is left to scan.">
          <p>Go back and name hosts that this server may reach.</p>
        </Notice>
      ) : (
        <ul className={styles.points}>
          <li>
            <strong>
              {count} {count === 1 ? 'target is' : 'targets are'} asked
            </strong>{' '}
            with about {connections.toLocaleString('en')} connections at most, five at a time to each. They send what
            any browser sends before it shows a page; no password, no data.
          </li>
          <li>
            Servers may write the connections into their logs, under the address of this server.
            {named === 0
              ? ''
              : ` ${named === 1 ? 'One is a name' : `${named} are names`}: if one leads to an address that this server may not scan, nothing is sent there.`}
          </li>
          <li>
            What answers becomes an asset with {draft.sensitivity} data, reachable from {reach[draft.exposure]}, to be
            kept confidential for {draft.dataLifetimeYears} years. You can change that for each later. The scan is
            written to the audit log under your name.
          </li>
          <li>You can cancel at any time; what was found until then stays.</li>
        </ul>
      )}
      {needsApproval && count > 0 ? (
        <Notice kind="info" title="Others have to approve this scan first.">
          <p>
            It is one of an internal network, which your organization put under approval. The last button sends the
            request; nothing is scanned before it is approved.
          </p>
        </Notice>
      ) : null}
      {publicOnly && named > 0 ? (
        <Notice kind="info" title="Names that lead into internal networks are left alone.">
          <p>
            Scans of those are under approval here. Go back and say that some lead there, and approval is asked for.
          </p>
        </Notice>
      ) : null}
      {refused.length === 0 ? null : (
        <>
          <NotOpen count={refused.length} />
          <Listed
            title="Not scanned"
            rows={refused.map(({ target, code }) => ({ target, reason: refusalSentence[code] }))}
          />
        </>
      )}
      {unreadable.length === 0 ? null : <Listed title="Cannot be used" rows={unreadable} />}
      {count === 0 ? null : (
        <details>
          <summary>{count === 1 ? 'The target' : 'The targets, one by one'}</summary>
          <ul>
            {targets.slice(0, shownMax).map((target) => (
              <li key={target}>
                <bdi>{target}</bdi>
              </li>
            ))}
          </ul>
          {count > shownMax ? <p className={layout.muted}>and {count - shownMax} more</p> : null}
        </details>
      )}
      <div className={styles.buttons}>
        <Button onClick={onBack}>Back</Button>
        <Button kind="primary" isBusy={isBusy} disabled={count === 0} onClick={onStart}>
          {needsApproval ? 'Ask for approval' : 'Start the scan'}
        </Button>
      </div>
    </div>
  );
}

function Listed({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly { readonly target: string; readonly reason: string }[];
}) {
  return (
    <section className={layout.section} aria-label={title}>
      <h3>{title}</h3>
      <ul className={layout.rows}>
        {rows.slice(0, shownMax).map(({ target, reason }) => (
          <li key={target} className={layout.row}>
            <bdi className={styles.target}>{target}</bdi>
            <span className={layout.muted}>{reason}</span>
          </li>
        ))}
      </ul>
      {rows.length > shownMax ? <p className={layout.muted}>and {rows.length - shownMax} more</p> : null}
    </section>
  );
}
