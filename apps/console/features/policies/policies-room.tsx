'use client';
import type { PolicyView } from '@quantumvault/api';
import { Badge } from '../../design/badge.tsx';
import { Failure } from '../../design/failure.tsx';
import { LinkButton } from '../../design/link-button.tsx';
import { Page } from '../../design/page.tsx';
import { Table, type TableColumn } from '../../design/table/table.tsx';
import { usePages } from '../../design/table/use-pages.ts';
import { useSession } from '../../session/session.tsx';
import { modeWords } from './choices.ts';

const columns: readonly TableColumn<PolicyView>[] = [
  { name: 'Name', width: 2, cell: ({ name }) => <bdi>{name}</bdi> },
  {
    name: 'Mode',
    width: 2,
    cell: ({ spec: { mode, targetLevel } }) =>
      `${modeWords[mode].title}${targetLevel === 0 ? '' : `, category ${targetLevel}`}`,
  },
  { name: 'Key establishment', width: 2.5, cell: ({ spec }) => <bdi>{spec.kem.join(', ')}</bdi> },
  { name: 'Signatures', width: 2.5, cell: ({ spec }) => <bdi>{spec.signature.join(', ')}</bdi> },
  {
    name: 'Version',
    width: 1.2,
    cell: ({ builtIn, version }) => (builtIn ? <Badge>built in, {version}</Badge> : String(version)),
  },
];
const keyOf = ({ id }: PolicyView) => id;
const hrefOf = ({ id }: PolicyView) => `/policies/policy?id=${id}`;

/** INV-8: the protection policies of the organization. */
export function PoliciesRoom() {
  const { client, may } = useSession();
  const policies = usePages({
    queryKey: ['policies', 'list'],
    load: (cursor) => client.listPolicies({ query: { limit: 50, cursor } }),
    isEnabled: may('policy.read'),
  });
  if (!may('policy.read')) return null;
  return (
    <Page
      title="Policies"
      lead="A policy says which algorithms an asset needs. Applying one to an asset makes the keys and settings for it."
      actions={
        may('policy.create') ? (
          <LinkButton kind="primary" href="/policies/new">
            New policy
          </LinkButton>
        ) : undefined
      }
    >
      {policies.error === null ? null : <Failure error={policies.error} doing="Reading the policies" />}
      <Table label="Policies" columns={columns} pages={policies} rowKey={keyOf} rowHref={hrefOf} />
    </Page>
  );
}
