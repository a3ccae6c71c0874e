'use client';
import type { ScanTargetView, ScanView } from '@quantumvault/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { Select } from '../../design/select.tsx';
import { useSession } from '../../session/session.tsx';
import { changeWord, errorSentence, statusWord } from './scan-words.ts';
import styles from './scans.module.css';

type Change = NonNullable<ScanTargetView['change']>;
const changes = Object.keys(changeWord) as readonly Change[];

/** The targets of a scan with what became of each, read anew as the scan keeps more. */
export function ScanTargets({ scan, isRunning }: { readonly scan: ScanView; readonly isRunning: boolean }) {
  const { client } = useSession();
  const [change, setChange] = useState<Change | ''>('');
  const targets = useInfiniteQuery({
    queryKey: ['scans', 'one', scan.id, 'targets', change],
    queryFn: ({ pageParam }) =>
      client.listScanTargets({
        params: { id: scan.id },
        query: { limit: 100, cursor: pageParam, ...(change === '' ? {} : { change }) },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const items = targets.data?.pages.flatMap((page) => page.items) ?? [];
  const hasRefused = scan.status.refused > 0;
  return (
    <section className={layout.section} aria-label="Targets">
      <div className={styles.head}>
        <h2>Targets</h2>
        {isRunning || scan.targets < 2 ? null : (
          <Select
            label="Show"
            value={change}
            onChange={({ target }) => setChange(changes.find((one) => one === target.value) ?? '')}
            options={[
              ['', `all (${scan.targets})`],
              ...changes
                .filter((one) => scan.change[one] > 0)
                .map((one) => [one, `${changeWord[one]} (${scan.change[one]})`] as const),
            ]}
          />
        )}
      </div>
      {hasRefused ? <NotOpen count={scan.status.refused} /> : null}
      {targets.error === null ? null : <Failure error={targets.error} doing="Reading the targets" />}
      <ul className={layout.rows} aria-label="Targets">
        {items.map((target) => (
          <Row key={target.target} target={target} />
        ))}
      </ul>
      {targets.hasNextPage ? (
        <div>
          <Button isBusy={targets.isFetchingNextPage} onClick={() => void targets.fetchNextPage()}>
            More targets
          </Button>
        </div>
      ) : null}
    </section>
  );
}

/** INV-7 in words: what to do about addresses that the server may not touch. */
export function NotOpen({ count }: { readonly count: number }) {
  return (
    <Notice
      kind="warning"
      title={
        count === 1 ? 'One address is not open to this server.' : `${count} addresses are not open to this server.`
      }
    >
      <p>
        It scans public addresses, and of your own networks those that its operator lists in <code>QV_SCAN_ALLOW</code>.
        Nothing was sent to the others. Ask the operator to add the network, or scan from a machine inside it:{' '}
        <code>npx qv scan tls HOST:PORT --save</code> brings what it finds to this inventory.
      </p>
    </Notice>
  );
}

function Row({ target }: { readonly target: ScanTargetView }) {
  const { status, change, changed, error, assetId } = target;
  const what = [
    // Why there is nothing says that there still is nothing.
    change === null || (change === 'absent' && error !== null) ? '' : changeWord[change],
    changed.length === 0 ? '' : changed.join(', '),
    error === null ? '' : errorSentence(error),
  ].filter((part) => part !== '');
  return (
    <li className={styles.row} data-status={status}>
      <bdi className={styles.target}>{target.target}</bdi>
      <strong className={styles[status]}>{statusWord[status]}</strong>
      <span className={styles.what}>{what.join(': ')}</span>
      <span>
        {assetId === null ? null : (
          <Link href={`/inventory/asset?id=${assetId}`} prefetch={false}>
            Open<span className="hidden-text"> the asset {target.target}</span>
          </Link>
        )}
      </span>
    </li>
  );
}
