'use client';
import type { AssetView } from '@quantumvault/api';
import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { Badge } from '../../design/badge.tsx';
import { EmptyState } from '../../design/empty-state.tsx';
import { Failure } from '../../design/failure.tsx';
import { LinkButton } from '../../design/link-button.tsx';
import { Page } from '../../design/page.tsx';
import { Table, type TableColumn } from '../../design/table/table.tsx';
import { usePages } from '../../design/table/use-pages.ts';
import { useSession } from '../../session/session.tsx';
import { InventoryShares } from './asset-shares.tsx';
import { filterNames, filterOf } from './inventory-filter.ts';
import { InventoryFilters } from './inventory-filters.tsx';
import { bandKinds, proofKinds, proofWords, typeWords, usedFor } from './words.ts';

const columns: readonly TableColumn<AssetView>[] = [
  { name: 'Name', width: 3, cell: ({ name }) => <bdi>{name}</bdi> },
  {
    name: 'Risk',
    width: 1.7,
    cell: ({ risk }) => (
      <Badge kind={bandKinds[risk.band]}>
        {risk.score.toFixed(1)} {risk.band}
      </Badge>
    ),
  },
  { name: 'Kind', width: 1.6, cell: ({ type }) => typeWords[type] },
  { name: 'Where', width: 3, cell: ({ endpoint }) => <bdi>{endpoint}</bdi> },
  { name: 'Key exchange', width: 2, cell: (asset) => <bdi>{usedFor(asset, 'key-establishment') ?? 'not known'}</bdi> },
  {
    name: 'Protection',
    width: 1.5,
    cell: ({ state, encryptionProfile, proof }) =>
      state === 'active' ? (
        <Protection isApplied={encryptionProfile?.appliedPolicy !== undefined} proof={proof} />
      ) : (
        <Badge>{state}</Badge>
      ),
  },
];

function Protection({ isApplied, proof }: { readonly isApplied: boolean; readonly proof: AssetView['proof'] }) {
  if (!isApplied) return <Badge>none</Badge>;
  return (
    <Badge kind={proof === null ? 'info' : proofKinds[proof.state]}>
      {proof === null ? 'applied' : proofWords[proof.state]}
    </Badge>
  );
}

const keyOf = ({ id }: AssetView) => id;
const hrefOf = ({ id }: AssetView) => `/inventory/asset?id=${id}`;
const pageSize = 50;

/** INV-1, INV-12: the assets of the organization, riskiest first, by whatever is asked for. */
export function InventoryRoom() {
  const { client, may } = useSession();
  const address = useSearchParams().toString();
  const filter = useMemo(() => filterOf(new URLSearchParams(address)), [address]);
  const assets = usePages({
    queryKey: ['inventory', 'list', filter],
    load: (cursor) => client.listAssets({ query: { ...filter, limit: pageSize, cursor } }),
    isEnabled: may('asset.read'),
  });
  if (!may('asset.read')) return null;
  const isFiltered = filterNames.some((name) => filter[name] !== undefined);
  return (
    <Page
      title="Inventory"
      lead="What protects the organization’s data and connections, and at what risk."
      actions={
        <>
          {may('asset.scan') ? (
            <>
              <LinkButton href="/scans/new" kind="primary">
                Scan
              </LinkButton>
              <LinkButton href="/inventory/import">Import</LinkButton>
            </>
          ) : null}
          {may('asset.create') ? <LinkButton href="/inventory/add">Add by hand</LinkButton> : null}
        </>
      }
    >
      {isFiltered ? null : <InventoryShares />}
      <InventoryFilters address={address} filter={filter} />
      {assets.error === null ? null : <Failure error={assets.error} doing="Reading the inventory" />}
      {assets.isEmpty ? <Nothing isFiltered={isFiltered} /> : null}
      <Table label="Assets" columns={columns} pages={assets} rowKey={keyOf} rowHref={hrefOf} />
    </Page>
  );
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  const { may } = useSession();
  if (isFiltered) {
    return (
      <EmptyState
        icon="search"
        title="Nothing in the inventory is like this."
        action={<LinkButton href="/inventory">Show everything</LinkButton>}
      >
        Take a filter away, or look at what was archived.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="inventory"
      title="The inventory is empty."
      action={
        <>
          {may('asset.scan') ? (
            <LinkButton href="/scans/new" kind="primary">
              Scan the first server
            </LinkButton>
          ) : null}
          {may('asset.create') ? <LinkButton href="/inventory/add">Add the first asset</LinkButton> : null}
        </>
      }
    >
      A scan finds servers by itself; data stores and whatever no scan can see is added by hand.
    </EmptyState>
  );
}
