'use client';
import type { AssetView } from '@quantumvault/api';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { Badge } from '../../../design/badge.tsx';
import { Code } from '../../../design/code.tsx';
import { DetailList } from '../../../design/detail-list.tsx';
import { Failure } from '../../../design/failure.tsx';
import layout from '../../../design/layout.module.css';
import { Notice } from '../../../design/notice.tsx';
import { Page } from '../../../design/page.tsx';
import { Skeleton } from '../../../design/skeleton.tsx';
import { Time } from '../../../design/time.tsx';
import { useSession } from '../../../session/session.tsx';
import { bandKinds, proofKinds, proofWords, typeWords, usedFor } from '../words.ts';
import { AssetEnds } from './asset-ends.tsx';
import { AssetFindings } from './asset-findings.tsx';
import { AssetScans } from './asset-scans.tsx';
import { Classify } from './classify.tsx';
import { Evidence } from './evidence.tsx';
import { Protect } from './protect.tsx';
import { Protections } from './protections.tsx';
import { RiskExplained } from './risk-explained.tsx';

/** One asset: what it is, how that is known, at what risk and why, what happened to it, and what can be done. */
export function AssetDetail() {
  const { client, may } = useSession();
  const id = useSearchParams().get('id') ?? '';
  const asset = useQuery({
    queryKey: ['inventory', 'asset', id],
    queryFn: () => client.getAsset({ params: { id } }),
    enabled: may('asset.read'),
  });
  if (!may('asset.read')) return null;
  return (
    <Page
      back={{ href: '/inventory', label: 'All assets' }}
      title={asset.data === undefined ? 'Asset' : <bdi>{asset.data.name}</bdi>}
      lead={asset.data === undefined ? undefined : <Standing asset={asset.data} />}
    >
      {asset.error === null ? null : <Failure error={asset.error} doing="Reading the asset" />}
      {asset.isPending ? <Skeleton label="Reading the asset" lines={6} /> : null}
      {asset.data === undefined ? null : <Parts asset={asset.data} />}
    </Page>
  );
}

/** What matters first, in one line. */
function Standing({ asset: { type, risk, encryptionProfile, proof, state } }: { readonly asset: AssetView }) {
  return (
    <>
      {typeWords[type]} <Badge kind={bandKinds[risk.band]}>{`risk ${risk.score.toFixed(1)} ${risk.band}`}</Badge>{' '}
      {state === 'active' ? null : <Badge kind="warning">{state}</Badge>}{' '}
      {encryptionProfile?.appliedPolicy === undefined ? (
        <Badge>not protected</Badge>
      ) : (
        <Badge kind={proof === null ? 'info' : proofKinds[proof.state]}>
          protection {proof === null ? 'applied' : proofWords[proof.state]}
        </Badge>
      )}
    </>
  );
}

function Parts({ asset }: { readonly asset: AssetView }) {
  const { may } = useSession();
  const isActive = asset.state === 'active';
  return (
    <>
      {asset.mergedInto === null ? null : (
        <Notice kind="info" title="This entry was merged into another one.">
          <p>
            <Link href={`/inventory/asset?id=${asset.mergedInto}`}>Open the one that stays</Link>
          </p>
        </Notice>
      )}
      {asset.goneSince === null ? null : (
        <Notice kind="warning" title="Scans find nothing there any more.">
          <p>
            Since <Time value={asset.goneSince} />.
          </p>
        </Notice>
      )}
      <Facts asset={asset} />
      <RiskExplained asset={asset} />
      {isActive && may('asset.protect') && may('policy.read') ? <Protect key={asset.id} asset={asset} /> : null}
      <Protections asset={asset} />
      <Evidence asset={asset} />
      <AssetFindings assetId={asset.id} />
      {asset.type === 'tls-endpoint' ? <AssetScans asset={asset} /> : null}
      {may('audit.read') ? (
        <section className={layout.section} aria-label="Log">
          <h2>What the log says of it</h2>
          <p>
            <Link href={`/audit?resource=${asset.id}`}>Every event of this asset</Link>, or{' '}
            <Link href={`/audit?resource=${asset.id}&last=7`}>those of the last week</Link>, to be proven in this
            browser.
          </p>
        </section>
      ) : null}
      {isActive && may('asset.classify') ? <Classify key={asset.version} asset={asset} /> : null}
      {isActive && may('asset.archive') ? <AssetEnds asset={asset} /> : null}
    </>
  );
}

const roleNames = [
  ['key-establishment', 'Key exchange'],
  ['signature', 'Signature'],
  ['encryption', 'Encryption'],
] as const;

function Facts({ asset }: { readonly asset: AssetView }) {
  return (
    <section className={layout.section} aria-label="What it is">
      <h2>What it is</h2>
      <DetailList
        items={[
          ['Where', asset.endpoint],
          ['Owner', asset.owner ?? 'nobody'],
          ['Data', `${asset.sensitivity}, reached from ${asset.exposure}, secret for ${asset.dataLifetimeYears} years`],
          ...(asset.tags.length === 0 ? [] : ([['Tags', asset.tags.join(', ')]] as const)),
          ...roleNames.flatMap(([role, name]) => {
            const used = usedFor(asset, role);
            return used === null ? [] : [[name, used] as const];
          }),
          ...(asset.encryptionProfile === null ? ([['Cryptography', 'nobody has looked yet']] as const) : []),
          ['First seen', <Time key="first" value={asset.firstSeenAt} />],
          ['Last seen', <Time key="last" value={asset.lastSeenAt} />],
          ...(asset.endReason === null ? [] : ([[`Why it is ${asset.state}`, asset.endReason]] as const)),
          ['Id', <Code key="id" label="id" value={asset.id} />],
        ]}
      />
    </section>
  );
}
