'use client';
import { useQuery } from '@tanstack/react-query';
import layout from '../../design/layout.module.css';
import { problemCode } from '../../session/api.ts';
import { useSession } from '../../session/session.tsx';
import { refetchMs } from './approval-inbox.tsx';

const ended: readonly string[] = ['succeeded', 'failed', 'cancelled'];

/** How far the work is that an approval has set going; nothing when what it made is no job. */
export function JobProgress({ id }: { readonly id: string }) {
  const { client, may } = useSession();
  const job = useQuery({
    queryKey: ['jobs', id],
    queryFn: () => client.getJob({ params: { id } }),
    enabled: may('job.read'),
    refetchInterval: ({ state }) =>
      state.error !== null || ended.includes(state.data?.status ?? '') ? false : refetchMs,
    retry: (count, error) => count < 2 && problemCode(error) === null,
  });
  if (job.data === undefined) return null;
  return (
    <section className={layout.section} aria-label="Progress">
      <h2>Work</h2>
      <p role="status">
        <bdi>{job.data.kind}</bdi>: <strong>{job.data.status}</strong>
      </p>
      <progress max={100} value={job.data.progress} aria-label="Progress of the work" />
      {job.data.error === null ? null : (
        <p>
          <bdi>{job.data.error.message}</bdi> ({job.data.error.code})
        </p>
      )}
    </section>
  );
}
