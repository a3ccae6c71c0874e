import { DetailList } from '../../design/detail-list.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { Term } from '../../design/term.tsx';
import { Time } from '../../design/time.tsx';
import styles from './audit.module.css';
import type { CheckStep, ProofCheck } from './proof-check.ts';

const marks = { passed: 'Passed', failed: 'Failed', skipped: 'Not possible' } as const satisfies Record<
  CheckStep['status'],
  string
>;

/** AUD-6: what was computed in this page, step by step with its values, and what was not checked. */
export function ProofSteps({ check }: { readonly check: ProofCheck }) {
  const { checkpoint } = check;
  return (
    <section aria-label="Verification" className={layout.section}>
      <h2>
        <Term concept="inclusion-proof">Verification</Term>
      </h2>
      <Notice
        kind={check.isProven ? 'success' : 'danger'}
        title={
          check.isProven
            ? 'Proven: this event is in the log as it is shown.'
            : 'NOT proven: what is shown does not agree with the log.'
        }
      >
        {checkpoint === null ? null : (
          <p>
            Measured against the checkpoint of <bdi>{checkpoint.origin}</bdi> over {checkpoint.size} entries, signed{' '}
            <Time value={checkpoint.signedAt} />. Computed in this browser.
          </p>
        )}
        {check.isProven ? null : (
          <p>Do not rely on this event. Export the log and have it verified with qv on another machine.</p>
        )}
      </Notice>
      <ol className={styles.steps}>
        {check.steps.map((step) => (
          <li key={step.id} className={styles.step}>
            <h3>
              <span className={step.status === 'passed' ? styles.passed : styles.failed}>{marks[step.status]}</span>:{' '}
              {step.title}
            </h3>
            <p>
              <bdi>{step.finding}</bdi>
            </p>
            {step.values.length === 0 ? null : (
              <details>
                <summary>Values</summary>
                <DetailList
                  isBare
                  items={step.values.map(({ label, value }) => [label, <code key={label}>{value}</code>])}
                />
              </details>
            )}
          </li>
        ))}
      </ol>
      <div>
        <h3>What was not checked</h3>
        <ul>
          {check.notChecked.map((open) => (
            <li key={open}>{open}</li>
          ))}
        </ul>
      </div>
    </section>
  );
}
