'use client';
import type { ScanSummary } from '@quantumvault/api';
import { Badge } from '../../design/badge.tsx';
import { EmptyState } from '../../design/empty-state.tsx';
import { Failure } from '../../design/failure.tsx';
import { LinkButton } from '../../design/link-button.tsx';
import { Page } from '../../design/page.tsx';
import { Table, type TableColumn } from '../../design/table/table.tsx';
import { usePages } from '../../design/table/use-pages.ts';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';
import { statusKind, statusWord } from '../jobs/job-words.ts';

const refetchMs = 5_000;

const columns: readonly TableColumn<ScanSummary>[] = [
  {
    name: 'Scan',
    width: 3,
    cell: ({ name, firstTarget, targets }) => (
      <>
        <bdi>{name ?? firstTarget}</bdi>
        {name === null && targets > 1 ? ` and ${targets - 1} more` : ''}
      </>
    ),
  },
  { name: 'State', width: 1.3, cell: (scan) => <State scan={scan} /> },
  { name: 'Targets', width: 2.5, cell: (scan) => standing(scan) },
  { name: 'Begun', width: 1.6, cell: ({ createdAt }) => <Time value={createdAt} brief /> },
];
const keyOf = ({ id }: ScanSummary) => id;
const hrefOf = ({ id }: ScanSummary) => `/scans/scan?id=${id}`;

function State({ scan: { jobStatus } }: { readonly scan: ScanSummary }) {
  return <Badge kind={statusKind[jobStatus]}>{statusWord[jobStatus]}</Badge>;
}

function standing({ targets, status: { answered, unreachable, refused, pending } }: ScanSummary): string {
  const silent = unreachable + refused;
  return [
    `${answered} of ${targets} answered`,
    ...(silent === 0 ? [] : [`${silent} did not`]),
    ...(pending === 0 ? [] : [`${pending} left`]),
  ].join(', ');
}

/** INV-5: scans that this server has made, newest first, and the way to a new one. */
export function ScansRoom() {
  const { client, may } = useSession();
  const scans = usePages({
    queryKey: ['scans', 'list'],
    load: (cursor) => client.listScans({ query: { limit: 50, cursor } }),
    isEnabled: may('asset.read'),
    refetchMs,
  });
  if (!may('asset.read')) return null;
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
      {scans.isEmpty ? (
        <EmptyState icon="search" title="Nothing was scanned from here yet." action={start}>
          Name a few hosts, and a minute later you see which of them still use cryptography that will not last.
        </EmptyState>
      ) : null}
      <Table label="Scans" columns={columns} pages={scans} rowKey={keyOf} rowHref={hrefOf} />
    </Page>
  );
}
