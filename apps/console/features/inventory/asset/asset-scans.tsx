'use client';
import type { AssetScanView, AssetView } from '@quantumvault/api';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Badge } from '../../../design/badge.tsx';
import { Button } from '../../../design/button.tsx';
import { Failure } from '../../../design/failure.tsx';
import layout from '../../../design/layout.module.css';
import { useStepUp } from '../../../design/step-up.tsx';
import { Time } from '../../../design/time.tsx';
import { useSession } from '../../../session/session.tsx';
import { FollowedJob } from './followed-job.tsx';

const changeWords: Readonly<Record<NonNullable<AssetScanView['change']>, string>> = {
  new: 'found for the first time',
  changed: 'changed',
  same: 'the same as before',
  gone: 'did not answer any more',
  absent: 'did not answer',
};

/** INV-5: each time that a scan of this server asked, and what was different then; and asking once more. */
export function AssetScans({ asset }: { readonly asset: AssetView }) {
  const { client, may } = useSession();
  const { run, prompt } = useStepUp();
  const times = useQuery({
    queryKey: ['inventory', 'scans', asset.id, asset.version],
    queryFn: () => client.listAssetScans({ params: { id: asset.id }, query: { limit: 100 } }),
  });
  const scan = useMutation({
    mutationFn: () =>
      run(() =>
        client.discoverTls({
          body: { targets: [asset.endpoint], environmentId: asset.environmentId, profile: 'full' },
        }),
      ),
  });
  const items = times.data?.items ?? [];
  return (
    <section className={layout.section} aria-label="Scans">
      <h2>Scans of it</h2>
      {times.error === null ? null : <Failure error={times.error} doing="Reading the scans" />}
      {times.data !== undefined && items.length === 0 ? <p>No scan of this server has asked it yet.</p> : null}
      <ul className={layout.rows} aria-label="Scans">
        {items.map((time) => (
          <li key={time.scanId} className={layout.row}>
            <span>{time.recordedAt === null ? 'under way' : <Time value={time.recordedAt} />}</span>
            <span>
              {time.change === null ? time.status : changeWords[time.change]}
              {time.changed.length === 0 ? '' : `: ${time.changed.join(', ')}`}
            </span>
            {time.facts === null ? (
              <Badge kind="warning">{time.error ?? time.status}</Badge>
            ) : (
              <bdi className={layout.muted}>{time.facts.groups.join(', ') || 'no group seen'}</bdi>
            )}
          </li>
        ))}
      </ul>
      {times.data?.nextCursor == null ? null : <p className={layout.muted}>Only the newest 100 are shown.</p>}
      {asset.state === 'active' && may('asset.scan') ? (
        <div>
          <Button isBusy={scan.isPending} onClick={() => scan.mutate()}>
            Scan it now
          </Button>
        </div>
      ) : null}
      <ActionFailure error={scan.error} doing="The scan" />
      {scan.data === undefined ? null : <FollowedJob id={scan.data.id} />}
      {prompt}
    </section>
  );
}
