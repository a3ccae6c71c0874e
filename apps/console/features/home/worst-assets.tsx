'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Badge } from '../../design/badge.tsx';
import { EmptyState } from '../../design/empty-state.tsx';
import { LinkButton } from '../../design/link-button.tsx';
import { useSession } from '../../session/session.tsx';
import { bandKinds } from '../inventory/words.ts';
import { Block } from './block.tsx';
import styles from './home.module.css';

/** INV-1: the riskiest assets that the reader may see; with none, how the first ones come. */
export function WorstAssets() {
  const { client, may } = useSession();
  const assets = useQuery({
    queryKey: ['inventory', 'home'],
    queryFn: () => client.listAssets({ query: { sort: 'risk', limit: 5 } }),
  });
  const items = assets.data?.items ?? [];
  return (
    <Block title="At most risk" query={assets}>
      {assets.isSuccess && items.length === 0 ? (
        <EmptyState
          icon="search"
          title="Nothing is in the inventory yet."
          action={
            may('asset.scan') ? (
              <>
                {may('organization.update') ? (
                  <LinkButton kind="primary" href="/welcome">
                    Set up in five steps
                  </LinkButton>
                ) : null}
                <LinkButton kind={may('organization.update') ? 'plain' : 'primary'} href="/scans/new">
                  Scan the first servers
                </LinkButton>
              </>
            ) : null
          }
        >
          A scan asks a server which cryptography it speaks, and keeps what it found with its risk.
        </EmptyState>
      ) : null}
      <ul className={styles.list}>
        {items.map((asset) => (
          <li key={asset.id}>
            <Link href={`/inventory/asset?id=${asset.id}`} prefetch={false}>
              <bdi>{asset.name}</bdi>
            </Link>
            <Badge kind={bandKinds[asset.risk.band]}>
              {asset.risk.score.toFixed(1)} {asset.risk.band}
            </Badge>
          </li>
        ))}
      </ul>
      {items.length === 0 ? null : <Link href="/inventory">The whole inventory, riskiest first</Link>}
    </Block>
  );
}
