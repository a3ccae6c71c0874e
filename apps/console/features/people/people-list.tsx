'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Page } from '../../design/page.tsx';
import { useSession } from '../../session/session.tsx';
import { Invite } from './invite.tsx';

/** The people of the organization, and the invitation of new ones. */
export function PeopleList() {
  const { client, may } = useSession();
  const users = useInfiniteQuery({
    queryKey: ['people', 'list'],
    queryFn: ({ pageParam }) => client.listUsers({ query: { limit: 50, cursor: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    enabled: may('user.read'),
  });
  if (!may('user.read')) return null;
  return (
    <Page title="People">
      {may('user.invite') ? <Invite /> : null}
      {users.error === null ? null : <Failure error={users.error} doing="Reading the people" />}
      <ul className={layout.rows} aria-label="People">
        {users.data?.pages
          .flatMap((page) => page.items)
          .map((user) => (
            <li key={user.id} className={layout.row}>
              <Link href={`/people/person?id=${user.id}`}>
                <bdi>{user.displayName}</bdi>
              </Link>
              <bdi className={layout.muted}>{user.email}</bdi>
              <bdi>{user.roles.join(', ') || 'no role'}</bdi>
              <strong>{user.status}</strong>
            </li>
          ))}
      </ul>
      {users.hasNextPage ? (
        <div>
          <Button isBusy={users.isFetchingNextPage} onClick={() => void users.fetchNextPage()}>
            More people
          </Button>
        </div>
      ) : null}
    </Page>
  );
}
