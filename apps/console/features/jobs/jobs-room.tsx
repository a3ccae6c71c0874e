'use client';
import { type JobView, jobKindSchema, jobStatusSchema } from '@quantumvault/api';
import { useRouter, useSearchParams } from 'next/navigation';
import { Badge } from '../../design/badge.tsx';
import { EmptyState } from '../../design/empty-state.tsx';
import { Failure } from '../../design/failure.tsx';
import { FilterBar } from '../../design/filter-bar.tsx';
import { Page } from '../../design/page.tsx';
import { Select } from '../../design/select.tsx';
import { Table, type TableColumn } from '../../design/table/table.tsx';
import { usePages } from '../../design/table/use-pages.ts';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';
import { kindWord, outcomeOf, statusKind, statusWord } from './job-words.ts';

// A stream of a listing would make the server read the page every second for each reader; a job's own page has one.
const refetchMs = 5_000;

const columns: readonly TableColumn<JobView>[] = [
  { name: 'Kind', width: 2, cell: ({ kind }) => kindWord[kind] },
  {
    name: 'State',
    width: 1.3,
    cell: ({ status, progress }) => (
      <Badge kind={statusKind[status]}>
        {statusWord[status]}
        {status === 'running' ? ` ${progress} %` : ''}
      </Badge>
    ),
  },
  { name: 'Asked for', width: 1.6, cell: ({ createdAt }) => <Time value={createdAt} brief /> },
  { name: 'What happened', width: 3, cell: (job) => <bdi>{outcomeOf(job)}</bdi> },
];
const keyOf = ({ id }: JobView) => id;
const hrefOf = ({ id }: JobView) => `/jobs/job?id=${id}`;

/** INV-9: the jobs of the organization, newest first. The address holds the filter, so that it can be kept and passed on. */
export function JobsRoom() {
  const { client, may } = useSession();
  const router = useRouter();
  const params = useSearchParams();
  const status = jobStatusSchema.safeParse(params.get('status')).data;
  const kind = jobKindSchema.safeParse(params.get('kind')).data;
  const jobs = usePages({
    queryKey: ['jobs', 'list', status, kind],
    load: (cursor) => client.listJobs({ query: { limit: 50, cursor, status, kind } }),
    isEnabled: may('job.read'),
    refetchMs,
  });
  if (!may('job.read')) return null;
  const filter = (name: string, value: string) => {
    const next = new URLSearchParams(params);
    if (value === '') next.delete(name);
    else next.set(name, value);
    router.replace(`/jobs?${next}`);
  };
  const activeCount = [status, kind].filter((one) => one !== undefined).length;
  return (
    <Page
      title="Jobs"
      lead="Work that takes longer than a moment. Each is done whole or not at all, also when the server is killed."
    >
      <FilterBar label="Filter of jobs" activeCount={activeCount} onClear={() => router.replace('/jobs')}>
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
      </FilterBar>
      {jobs.error === null ? null : <Failure error={jobs.error} doing="Reading the jobs" />}
      {jobs.isEmpty ? (
        <EmptyState icon="jobs" title={activeCount === 0 ? 'No job yet.' : 'No such job.'}>
          {activeCount === 0
            ? 'A scan, or the protection of an asset, is a job: it appears here as soon as somebody asks for it.'
            : 'Take a filter away to see the others.'}
        </EmptyState>
      ) : null}
      <Table label="Jobs" columns={columns} pages={jobs} rowKey={keyOf} rowHref={hrefOf} />
    </Page>
  );
}
