import type { JobView } from '@quantumvault/api';
import type { ReactNode } from 'react';
import layout from '../../design/layout.module.css';
import { Time } from '../../design/time.tsx';
import { statusWord } from './job-words.ts';
import styles from './jobs.module.css';
import { hasEnded } from './use-job.ts';

/** The way of a job, with the time of each step that it has reached. */
export function JobSteps({ job }: { readonly job: JobView }) {
  const isOver = hasEnded(job);
  return (
    <section className={layout.section} aria-label="Steps">
      <h2>Steps</h2>
      <ol className={styles.steps}>
        <Step title="Asked for" isDone>
          <Time value={job.createdAt} />
        </Step>
        <Step title="Begun" isDone={job.startedAt !== null}>
          {job.startedAt === null ? (
            isOver ? (
              'never'
            ) : (
              <>
                not before <Time value={job.runAt} />
              </>
            )
          ) : (
            <Time value={job.startedAt} />
          )}
        </Step>
        {job.cancelRequested ? (
          <Step title="Asked to stop" isDone>
            yes
          </Step>
        ) : null}
        <Step title={isOver ? `Ended: ${statusWord[job.status]}` : 'Ended'} isDone={isOver}>
          {job.finishedAt === null ? 'not yet' : <Time value={job.finishedAt} />}
        </Step>
      </ol>
    </section>
  );
}

function Step({
  title,
  isDone,
  children,
}: {
  readonly title: string;
  readonly isDone: boolean;
  readonly children: ReactNode;
}) {
  return (
    <li className={styles.step} data-is-done={isDone}>
      <strong>{title}</strong>
      <span>{children}</span>
    </li>
  );
}
