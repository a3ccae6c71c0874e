'use client';
import type { JobView } from '@quantumvault/api';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { DetailList } from '../../design/detail-list.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { Page } from '../../design/page.tsx';
import { Progress } from '../../design/progress.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';
import { useNames } from '../people/use-names.ts';
import { JobActions } from './job-actions.tsx';
import { JobSteps } from './job-steps.tsx';
import { adviceOf, kindWord, statusWord } from './job-words.ts';
import { hasEnded, useJob } from './use-job.ts';

/** INV-9: one job, live while it goes on. */
export function JobPage() {
  const { may } = useSession();
  const job = useJob(useSearchParams().get('id') ?? '');
  if (!may('job.read')) return null;
  return (
    <Page back={{ href: '/jobs', label: 'All jobs' }} title={job.data === undefined ? 'Job' : kindWord[job.data.kind]}>
      {job.error === null ? null : <Failure error={job.error} doing="Reading the job" />}
      {job.isPending && job.error === null ? <Skeleton label="Reading the job" /> : null}
      {job.data === undefined ? null : <Job job={job.data} />}
    </Page>
  );
}

function Job({ job }: { readonly job: JobView }) {
  const nameOf = useNames();
  return (
    <>
      <Standing job={job} />
      <JobActions job={job} />
      <Made job={job} />
      <JobSteps job={job} />
      <section className={layout.section} aria-label="Details">
        <h2>Details</h2>
        <DetailList
          items={[
            ['Id', job.id],
            ['Asset', job.assetId === null ? 'none' : <AssetLink key="asset" id={job.assetId} />],
            [
              'Policy',
              job.policyId === null ? (
                'none'
              ) : (
                <PolicyLink key="policy" id={job.policyId} version={job.policyVersion} />
              ),
            ],
            ['Asked by', nameOf(job.requestedBy)],
            ['Priority', String(job.priority)],
            ['Attempts', `${job.attempts} of ${job.attemptsMax}`],
          ]}
        />
      </section>
    </>
  );
}

function Standing({ job }: { readonly job: JobView }) {
  if (!hasEnded(job)) {
    const isWaiting = job.status === 'pending';
    const label = job.cancelRequested ? 'Stopping' : isWaiting ? 'Waiting for a worker' : 'Running';
    return (
      <>
        <Progress label={label} value={isWaiting ? null : job.progress} />
        {job.error === null ? null : (
          <Notice
            kind="warning"
            title={`Attempt ${job.attempts} of ${job.attemptsMax} did not work; it is tried again.`}
          >
            <p>
              <bdi>{job.error.message}</bdi> ({job.error.code}){' '}
              {isWaiting ? (
                <>
                  The next attempt is due <Time value={job.runAt} />.
                </>
              ) : null}
            </p>
          </Notice>
        )}
      </>
    );
  }
  if (job.status === 'succeeded') return <Notice kind="success" title="Done." />;
  if (job.status === 'cancelled')
    return (
      <Notice kind="warning" title="Cancelled.">
        <p>{adviceOf({ kind: job.kind, error: null }).safe}</p>
      </Notice>
    );
  const { safe, next } = adviceOf(job);
  return (
    <Notice kind="danger" title={`It ${statusWord[job.status]}.`}>
      <p>
        <bdi>{job.error?.message}</bdi> {job.error === null ? null : `(${job.error.code})`}
      </p>
      <p>{safe}</p>
      <p>{next}</p>
    </Notice>
  );
}

/** What came of it. */
function Made({ job }: { readonly job: JobView }) {
  const { result } = job;
  if (job.kind === 'scan-tls')
    return (
      <p>
        <Link href={`/scans/scan?id=${scanIdOf(job)}`} prefetch={false}>
          See the scan with each of its targets
        </Link>
      </p>
    );
  if (result === null || !('artifactId' in result)) return null;
  return (
    <section className={layout.section} aria-label="Result">
      <h2>What it made</h2>
      <DetailList
        items={[
          ['Kind', result.artifactKind],
          ['Id', result.artifactId],
        ]}
      />
    </section>
  );
}

const scanIdOf = ({ id, result }: JobView): string =>
  result !== null && 'scanId' in result && result.scanId !== undefined ? result.scanId : id;

function AssetLink({ id }: { readonly id: string }) {
  const { client, may } = useSession();
  const asset = useQuery({
    queryKey: ['assets', 'one', id],
    queryFn: () => client.getAsset({ params: { id } }),
    enabled: may('asset.read'),
  });
  return (
    <Link href={`/inventory/asset?id=${id}`} prefetch={false}>
      <bdi>{asset.data?.name ?? id}</bdi>
    </Link>
  );
}

function PolicyLink({ id, version }: { readonly id: string; readonly version: number | null }) {
  const { client, may } = useSession();
  const policy = useQuery({
    queryKey: ['policies', 'one', id],
    queryFn: () => client.getPolicy({ params: { id } }),
    enabled: may('policy.read'),
  });
  return (
    <>
      <Link href={`/policies/policy?id=${id}`} prefetch={false}>
        <bdi>{policy.data?.name ?? id}</bdi>
      </Link>
      {version === null ? '' : ` (version ${version})`}
    </>
  );
}
