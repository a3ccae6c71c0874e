'use client';
import type { ScheduleView } from '@quantumvault/api';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '../../design/button.tsx';
import { EmptyState } from '../../design/empty-state.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Page } from '../../design/page.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { StepUpDeclinedError, useStepUp } from '../../design/step-up.tsx';
import { Time } from '../../design/time.tsx';
import { useAction } from '../../design/use-action.ts';
import { useSession } from '../../session/session.tsx';
import styles from './scans.module.css';
import { ScheduleForm } from './schedule-form.tsx';
import { rhythmWord, workWord } from './schedule-words.ts';

/** Work that comes back by the clock: scans, and protections that are renewed. */
export function SchedulesPage() {
  const { client, may } = useSession();
  const [isNew, setIsNew] = useState(false);
  const schedules = useInfiniteQuery({
    queryKey: ['schedules', 'list'],
    queryFn: ({ pageParam }) => client.listSchedules({ query: { limit: 50, cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    enabled: may('schedule.read'),
  });
  if (!may('schedule.read')) return null;
  const items = schedules.data?.pages.flatMap((page) => page.items) ?? [];
  const mayMake = may('schedule.create') && may('asset.scan');
  const start = mayMake ? (
    <Button kind="primary" aria-expanded={isNew} onClick={() => setIsNew(!isNew)}>
      New schedule
    </Button>
  ) : undefined;
  return (
    <Page
      back={{ href: '/scans', label: 'All scans' }}
      title="Schedules"
      lead="A scan that comes back tells what has changed since the last one."
      actions={items.length === 0 && !isNew ? undefined : start}
    >
      {isNew ? <ScheduleForm onDone={() => setIsNew(false)} /> : null}
      {schedules.error === null ? null : <Failure error={schedules.error} doing="Reading the schedules" />}
      {schedules.isPending ? <Skeleton label="Reading the schedules" /> : null}
      {schedules.isSuccess && items.length === 0 && !isNew ? (
        <EmptyState icon="clock" title="Nothing comes back by itself yet." action={start}>
          Scan the same hosts every night, and what is new, changed or gone stands at the scan in the morning.
        </EmptyState>
      ) : null}
      <ul className={layout.rows} aria-label="Schedules">
        {items.map((schedule) => (
          <Row key={schedule.id} schedule={schedule} />
        ))}
      </ul>
      {schedules.hasNextPage ? (
        <div>
          <Button isBusy={schedules.isFetchingNextPage} onClick={() => void schedules.fetchNextPage()}>
            More schedules
          </Button>
        </div>
      ) : null}
    </Page>
  );
}

function Row({ schedule }: { readonly schedule: ScheduleView }) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const action = useAction();
  const [isSure, setIsSure] = useState(false);
  const params = { id: schedule.id };
  const act = (work: () => Promise<unknown>) =>
    void action.run(async () => {
      await run(work);
      await queries.invalidateQueries({ queryKey: ['schedules'] });
    });
  const turn = () =>
    act(() =>
      client.updateSchedule({ params, body: { enabled: !schedule.enabled } }, { ifMatch: `"${schedule.version}"` }),
    );
  const name = <span className="hidden-text"> {schedule.name}</span>;
  return (
    <li className={styles.schedule}>
      <span className={styles.named}>
        <strong>
          <bdi>{schedule.name}</bdi>
        </strong>
        <span className={styles.what}>
          <bdi>{workWord(schedule)}</bdi>, {rhythmWord(schedule.cron)} ({schedule.timeZone})
        </span>
      </span>
      <span className={styles.what}>
        {schedule.nextRunAt === null ? (
          `paused${schedule.disabledReason === null ? '' : ` by the server: ${schedule.disabledReason}`}`
        ) : (
          <>
            next <Time value={schedule.nextRunAt} />
          </>
        )}
        {schedule.lastJobId === null ? null : (
          <>
            {' '}
            <Link href={`/jobs/job?id=${schedule.lastJobId}`} prefetch={false}>
              last job<span className="hidden-text"> of {schedule.name}</span>
            </Link>
          </>
        )}
      </span>
      <span className={styles.buttons}>
        {may('schedule.update') ? (
          <Button isBusy={action.isBusy} onClick={turn}>
            {schedule.enabled ? 'Pause' : 'Resume'}
            {name}
          </Button>
        ) : null}
        {may('schedule.delete') && !isSure ? (
          <Button kind="danger" onClick={() => setIsSure(true)}>
            Delete…{name}
          </Button>
        ) : null}
        {may('schedule.delete') && isSure ? (
          <Button kind="danger" isBusy={action.isBusy} onClick={() => act(() => client.deleteSchedule({ params }))}>
            Delete for good{name}
          </Button>
        ) : null}
      </span>
      {action.error === null || action.error instanceof StepUpDeclinedError ? null : (
        <Failure error={action.error} doing="Changing the schedule" />
      )}
      {prompt}
    </li>
  );
}
