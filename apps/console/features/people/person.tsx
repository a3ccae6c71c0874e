'use client';
import type { UserView } from '@quantumvault/api';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { Code } from '../../design/code.tsx';
import { DetailList } from '../../design/detail-list.tsx';
import { Failure } from '../../design/failure.tsx';
import { Page } from '../../design/page.tsx';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';
import { Credentials } from './credentials.tsx';
import { Explain } from './explain.tsx';
import { GiveAccess } from './give-access.tsx';
import { Grants } from './grants.tsx';
import { Invitation } from './invitation.tsx';
import { Leaving } from './leaving.tsx';
import { PersonSessions } from './person-sessions.tsx';

/** One person: what they may, for how long, why, and how it ends. */
export function Person() {
  const { client, may } = useSession();
  const id = useSearchParams().get('id') ?? '';
  const user = useQuery({
    queryKey: ['people', 'person', id],
    queryFn: () => client.getUser({ params: { id } }),
    enabled: may('user.read'),
  });
  if (!may('user.read')) return null;
  return (
    <Page
      back={{ href: '/people', label: 'All people' }}
      title={user.data === undefined ? 'Person' : <bdi>{user.data.displayName}</bdi>}
    >
      {user.error === null ? null : <Failure error={user.error} doing="Reading the person" />}
      {user.data === undefined ? null : <Facts user={user.data} />}
    </Page>
  );
}

function Facts({ user }: { readonly user: UserView }) {
  const { may, state } = useSession();
  const isSelf = state.status === 'signed-in' && state.who.actorId === user.id;
  return (
    <>
      <DetailList
        items={[
          ['Email', user.email],
          ['Status', user.status],
          ['Roles in the whole organization', user.roles.join(', ') || 'none'],
          ['Here since', <Time key="since" value={user.createdAt} />],
          ['Id', <Code key="id" label="id" value={user.id} />],
        ]}
      />
      {user.status === 'invited' && may('user.invite') ? <Invitation user={user} /> : null}
      {user.status === 'active' && may('grant.create') && may('role.read') ? <GiveAccess subjectId={user.id} /> : null}
      {may('grant.read') ? <Grants subjectId={user.id} /> : null}
      {may('grant.read') ? <Explain subjectId={user.id} /> : null}
      {user.status === 'active' && may('session.read') ? <PersonSessions userId={user.id} /> : null}
      {user.status === 'active' && may('credential.reset') && !isSelf ? <Credentials userId={user.id} /> : null}
      <Leaving user={user} />
    </>
  );
}
