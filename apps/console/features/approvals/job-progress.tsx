'use client';
import type { JobView } from '@quantumvault/api';
import Link from 'next/link';
import layout from '../../design/layout.module.css';
import { Progress } from '../../design/progress.tsx';
import { hasEnded, useJob } from '../jobs/use-job.ts';

/** How far the work is that an approval has set going; nothing when what it made is no job. */
export function JobProgress({ id }: { readonly id: string }) {
  const { data: job } = useJob(id);
  return job === undefined ? null : <JobStanding job={job} />;
}

/** The same for a page that follows the job itself. */
export function JobStanding({ job }: { readonly job: JobView }) {
  return (
    <section className={layout.section} aria-label="Progress">
      <h2>Work</h2>
      <p role="status">
        <bdi>{job.kind}</bdi>: <strong>{job.status}</strong>
      </p>
      {hasEnded(job) ? null : <Progress label="Progress of the work" value={job.progress} />}
      {job.error === null ? null : (
        <p>
          <bdi>{job.error.message}</bdi> ({job.error.code})
        </p>
      )}
      <p>
        <Link href={`/jobs/job?id=${job.id}`} prefetch={false}>
          See the job
        </Link>
      </p>
    </section>
  );
}
