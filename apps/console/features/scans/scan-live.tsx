'use client';
import type { JobView, ScanView } from '@quantumvault/api';
import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { useEffect } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { Progress } from '../../design/progress.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { StepUpDeclinedError, useStepUp } from '../../design/step-up.tsx';
import { useAction } from '../../design/use-action.ts';
import { problemCode } from '../../session/api.ts';
import { useSession } from '../../session/session.tsx';
import { hasEnded, useJob } from '../jobs/use-job.ts';
import { ScanTargets } from './scan-targets.tsx';

const notBegun = 'INVENTORY_SCAN_NOT_FOUND';

/**
 * A scan as it goes on: how far it is, each target as it ends, and what can be done now. It stands alone, so that a page of
 * another room can hold it; `scanId` is the id of the job that the scan began with.
 */
export function ScanLive({ scanId }: { readonly scanId: string }) {
  const queries = useQueryClient();
  const scan = useScan(scanId);
  const job = useJob(scan.data?.jobId ?? scanId);
  const step = job.data === undefined ? null : `${job.data.id} ${job.data.status} ${job.data.progress}`;
  useEffect(() => {
    // Progress counts what is kept, so each step means that there is something new to read.
    if (step !== null) void queries.invalidateQueries({ queryKey: ['scans', 'one', scanId] });
  }, [queries, scanId, step]);
  if (job.error !== null) return <Failure error={job.error} doing="Reading the scan" />;
  if (job.data === undefined) return <Skeleton label="Reading the scan" />;
  return (
    <div className={layout.section}>
      <Standing job={job.data} scan={scan.data} />
      {scan.error === null || problemCode(scan.error) === notBegun ? null : (
        <Failure error={scan.error} doing="Reading the scan" />
      )}
      <Steer job={job.data} scan={scan} />
      {scan.data === undefined ? null : <ScanTargets scan={scan.data} isRunning={!hasEnded(job.data)} />}
    </div>
  );
}

/** Not there before its job has begun with it: asked for earlier, it would be a refusal in the log for nothing. */
function useScan(scanId: string): UseQueryResult<ScanView> {
  const { client } = useSession();
  // Only looks at what `useJob` has read.
  const { data: first } = useQuery<JobView>({ queryKey: ['jobs', 'one', scanId], enabled: false });
  return useQuery({
    queryKey: ['scans', 'one', scanId],
    queryFn: () => client.getScan({ params: { id: scanId } }),
    enabled: first !== undefined && first.status !== 'pending',
    refetchInterval: ({ state }) => (problemCode(state.error) === notBegun ? 1_000 : false),
    retry: (count, error) => count < 2 && problemCode(error) === null,
  });
}

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

function Standing({ job, scan }: { readonly job: JobView; readonly scan: ScanView | undefined }) {
  if (hasEnded(job)) return <Ended job={job} scan={scan} />;
  if (scan === undefined) return <Progress label="Waiting for a worker" value={null} />;
  const { answered, unreachable, refused, pending } = scan.status;
  const label = job.cancelRequested ? 'Stopping' : `Scanning ${plural(scan.targets, 'target', 'targets')}`;
  const silent = unreachable + refused;
  return (
    <Progress label={label} value={job.progress} detail={`${answered} answered, ${silent} did not, ${pending} to go`} />
  );
}

function Ended({ job, scan }: { readonly job: JobView; readonly scan: ScanView | undefined }) {
  if (job.status === 'succeeded') {
    const { answered = 0, unreachable = 0, refused = 0 } = scan?.status ?? {};
    const title = `The scan is finished: ${plural(answered, 'target', 'targets')} answered, ${unreachable + refused} did not.`;
    return (
      <Notice kind={answered === 0 ? 'warning' : 'success'} title={title}>
        {scan === undefined || answered === 0 ? (
          <p>Nothing was added to the inventory. The list says of each target why.</p>
        ) : (
          <p>
            {scan.change.new} new, {scan.change.changed} changed, {scan.change.same} as before.{' '}
            <Link href="/inventory" prefetch={false}>
              See them in the inventory
            </Link>
          </p>
        )}
      </Notice>
    );
  }
  const kept = 'What was found until then is kept in the inventory.';
  if (job.status === 'cancelled')
    return (
      <Notice kind="warning" title="The scan was cancelled.">
        <p>{scan === undefined ? 'It had not begun.' : kept}</p>
      </Notice>
    );
  return (
    <Notice kind="danger" title="The scan failed.">
      <p>
        <bdi>{job.error?.message}</bdi> {job.error === null ? null : `(${job.error.code})`} {kept}
      </p>
    </Notice>
  );
}

/** Stop it, or go on with it. */
function Steer({ job, scan }: { readonly job: JobView; readonly scan: UseQueryResult<ScanView> }) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const action = useAction();
  const change = (work: () => Promise<unknown>) =>
    void action.run(async () => {
      await run(work);
      await queries.invalidateQueries({ queryKey: ['jobs'] });
      await scan.refetch();
    });
  const isOver = hasEnded(job);
  const isLeft = isOver && scan.data !== undefined && scan.data.finishedAt === null;
  return (
    <>
      {action.error === null || action.error instanceof StepUpDeclinedError ? null : (
        <Failure error={action.error} doing={isOver ? 'Going on' : 'Cancelling'} />
      )}
      <div className={layout.form}>
        {!isOver && !job.cancelRequested && may('job.cancel') ? (
          <Button isBusy={action.isBusy} onClick={() => change(() => client.cancelJob({ params: { id: job.id } }))}>
            Cancel the scan
          </Button>
        ) : null}
        {isLeft && scan.data !== undefined && may('asset.scan') ? (
          <Button
            kind="primary"
            isBusy={action.isBusy}
            onClick={() => change(() => client.resumeScan({ params: { id: scan.data.id } }))}
          >
            Go on with the {scan.data.status.pending} that are left
          </Button>
        ) : null}
      </div>
      {prompt}
    </>
  );
}
