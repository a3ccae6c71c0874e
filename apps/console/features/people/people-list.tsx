'use client';
import type { UserView } from '@quantumvault/api';
import { Badge } from '../../design/badge.tsx';
import { Failure } from '../../design/failure.tsx';
import { Page } from '../../design/page.tsx';
import { Table, type TableColumn } from '../../design/table/table.tsx';
import { usePages } from '../../design/table/use-pages.ts';
import { useSession } from '../../session/session.tsx';
import { Invite } from './invite.tsx';

const columns: readonly TableColumn<UserView>[] = [
  { name: 'Name', width: 2, cell: ({ displayName }) => <bdi>{displayName}</bdi> },
  { name: 'Email', width: 3, cell: ({ email }) => <bdi>{email}</bdi> },
  { name: 'Roles', width: 2, cell: ({ roles }) => <bdi>{roles.join(', ') || 'no role'}</bdi> },
  {
    name: 'Status',
    cell: ({ status }) => (
      <Badge kind={status === 'active' ? 'success' : status === 'suspended' ? 'warning' : 'plain'}>{status}</Badge>
    ),
  },
];
const keyOf = ({ id }: UserView) => id;
const hrefOf = ({ id }: UserView) => `/people/person?id=${id}`;

/** The people of the organization, and the invitation of new ones. */
export function PeopleList() {
  const { client, may } = useSession();
  const users = usePages({
    queryKey: ['people', 'list'],
    load: (cursor) => client.listUsers({ query: { limit: 50, cursor } }),
    isEnabled: may('user.read'),
  });
  if (!may('user.read')) return null;
  return (
    <Page title="People" lead="Who belongs to your organization. Open somebody to see, give and end what they may do.">
      {may('user.invite') ? <Invite /> : null}
      {users.error === null ? null : <Failure error={users.error} doing="Reading the people" />}
      <Table label="People" columns={columns} pages={users} rowKey={keyOf} rowHref={hrefOf} />
    </Page>
  );
}
