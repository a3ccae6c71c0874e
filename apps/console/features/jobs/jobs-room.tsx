'use client';
import { type JobView, jobKindSchema, jobStatusSchema } from '@quantumvault/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { Button } from '../../design/button.tsx';
import { EmptyState } from '../../design/empty-state.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Page } from '../../design/page.tsx';
import { Select } from '../../design/select.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';
import { kindWord, statusWord } from './job-words.ts';
import styles from './jobs.module.css';
import { hasEnded } from './use-job.ts';

const whileOpenMs = 2_000;
const quietMs = 15_000;

/** INV-9: the jobs of the organization, newest first. The address holds the filter, so that it can be kept and passed on. */
export function JobsRoom() {
  const { client, may } = useSession();
  const router = useRouter();
  const params = useSearchParams();
  const status = jobStatusSchema.safeParse(params.get('status')).data;
  const kind = jobKindSchema.safeParse(params.get('kind')).data;
  const jobs = useInfiniteQuery({
    queryKey: ['jobs', 'list', status, kind],
    queryFn: ({ pageParam }) => client.listJobs({ query: { limit: 50, cursor: pageParam, status, kind } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    enabled: may('job.read'),
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some((job) => !hasEnded(job))) === true ? whileOpenMs : quietMs,
  });
  if (!may('job.read')) return null;
  const filter = (name: string, value: string) => {
    const next = new URLSearchParams(params);
    if (value === '') next.delete(name);
    else next.set(name, value);
    router.replace(`/jobs?${next}`);
  };
  const items = jobs.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      title="Jobs"
      lead="Work that takes longer than a moment. Each is done whole or not at all, also when the server is killed."
    >
      <form className={layout.form} aria-label="Filter">
        <Select
          label="State"
          value={status ?? ''}
          onChange={({ target }) => filter('status', target.value)}
          options={[['', 'all'], ...jobStatusSchema.options.map((one) => [one, statusWord[one]] as const)]}
        />
        <Select
          label="Kind"
          value={kind ?? ''}
          onChange={({ target }) => filter('kind', target.value)}
          options={[['', 'all'], ...jobKindSchema.options.map((one) => [one, kindWord[one]] as const)]}
        />
      </form>
      {jobs.error === null ? null : <Failure error={jobs.error} doing="Reading the jobs" />}
      {jobs.isPending ? <Skeleton label="Reading the jobs" /> : null}
      {jobs.isSuccess && items.length === 0 ? (
        <EmptyState icon="jobs" title={status === undefined && kind === undefined ? 'No job yet.' : 'No such job.'}>
          {status === undefined && kind === undefined
            ? 'A scan, or the protection of an asset, is a job: it appears here as soon as somebody asks for it.'
            : 'Take a filter away to see the others.'}
        </EmptyState>
      ) : null}
      <ul className={layout.rows} aria-label="Jobs">
        {items.map((job) => (
          <Row key={job.id} job={job} />
        ))}
      </ul>
      {jobs.hasNextPage ? (
        <div>
          <Button isBusy={jobs.isFetchingNextPage} onClick={() => void jobs.fetchNextPage()}>
            Older jobs
          </Button>
        </div>
      ) : null}
    </Page>
  );
}

function Row({ job }: { readonly job: JobView }) {
  return (
    <li className={styles.row}>
      <Link href={`/jobs/job?id=${job.id}`} prefetch={false}>
        {kindWord[job.kind]}
      </Link>
      <span className={layout.muted}>{job.error === null ? '' : <bdi>{job.error.message}</bdi>}</span>
      <span className={layout.muted}>
        <Time value={job.createdAt} />
      </span>
      <strong className={styles[job.status]}>
        {statusWord[job.status]}
        {job.status === 'running' ? ` ${job.progress} %` : ''}
      </strong>
    </li>
  );
}
