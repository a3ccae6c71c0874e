'use client';
import type { ScanSummary } from '@quantumvault/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Button } from '../../design/button.tsx';
import { EmptyState } from '../../design/empty-state.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { LinkButton } from '../../design/link-button.tsx';
import { Page } from '../../design/page.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';
import styles from './scans.module.css';

const isOpen = ({ jobStatus }: ScanSummary): boolean => jobStatus === 'pending' || jobStatus === 'running';
const whileOpenMs = 3_000;

/** INV-5: scans that this server has made, newest first, and the way to a new one. */
export function ScansRoom() {
  const { client, may } = useSession();
  const scans = useInfiniteQuery({
    queryKey: ['scans', 'list'],
    queryFn: ({ pageParam }) => client.listScans({ query: { limit: 50, cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    enabled: may('asset.read'),
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some(isOpen)) === true ? whileOpenMs : false,
  });
  if (!may('asset.read')) return null;
  const items = scans.data?.pages.flatMap((page) => page.items) ?? [];
  const start = may('asset.scan') ? (
    <LinkButton kind="primary" href="/scans/new">
      New scan
    </LinkButton>
  ) : undefined;
  return (
    <Page
      title="Scans"
      lead="A scan asks servers which cryptography they speak. What answers becomes an asset of the inventory."
      actions={
        <>
          {may('schedule.read') ? <LinkButton href="/scans/schedules">Schedules</LinkButton> : null}
          {start}
        </>
      }
    >
      {scans.error === null ? null : <Failure error={scans.error} doing="Reading the scans" />}
      {scans.isPending ? <Skeleton label="Reading the scans" /> : null}
      {scans.isSuccess && items.length === 0 ? (
        <EmptyState icon="search" title="Nothing was scanned from here yet." action={start}>
          Name a few hosts, and a minute later you see which of them still use cryptography that will not last.
        </EmptyState>
      ) : null}
      <ul className={layout.rows} aria-label="Scans">
        {items.map((scan) => (
          <Row key={scan.id} scan={scan} />
        ))}
      </ul>
      {scans.hasNextPage ? (
        <div>
          <Button isBusy={scans.isFetchingNextPage} onClick={() => void scans.fetchNextPage()}>
            Older scans
          </Button>
        </div>
      ) : null}
    </Page>
  );
}

function Row({ scan }: { readonly scan: ScanSummary }) {
  const { answered, unreachable, refused, pending } = scan.status;
  const rest = scan.targets - 1;
  return (
    <li className={styles.listed}>
      <Link href={`/scans/scan?id=${scan.id}`} prefetch={false}>
        <bdi>{scan.name ?? scan.firstTarget}</bdi>
        {scan.name === null && rest > 0 ? ` and ${rest} more` : ''}
      </Link>
      <span>
        {answered} of {scan.targets} answered
        {unreachable + refused === 0 ? '' : `, ${unreachable + refused} did not`}
        {pending === 0 ? '' : `, ${pending} left`}
      </span>
      <span className={layout.muted}>
        <Time value={scan.createdAt} />
      </span>
      <strong>{scan.finishedAt === null ? scan.jobStatus : 'finished'}</strong>
    </li>
  );
}
