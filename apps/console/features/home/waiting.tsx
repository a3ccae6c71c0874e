'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';
import { useApprovalRefetch } from '../approvals/feed-context.ts';
import { Block } from './block.tsx';
import styles from './home.module.css';

/** ACC-9: what waits for the reader's decision. */
export function Waiting() {
  const { client } = useSession();
  const requests = useQuery({
    queryKey: ['approvals', 'home'],
    queryFn: () => client.listApprovals({ query: { mine: 'to-decide', limit: 5 } }),
    refetchInterval: useApprovalRefetch(),
  });
  const items = requests.data?.items ?? [];
  return (
    <Block title="Waiting for you" query={requests}>
      {items.length === 0 ? <p>Nobody waits for your decision.</p> : null}
      <ul className={styles.list}>
        {items.map((request) => (
          <li key={request.id}>
            <Link href={`/approvals/request?id=${request.id}`} prefetch={false}>
              <bdi>{request.summary}</bdi>
            </Link>
            <span>
              asked by <bdi>{request.requester.name}</bdi>, <Time value={request.createdAt} />
            </span>
          </li>
        ))}
      </ul>
      {requests.data?.nextCursor == null ? null : <Link href="/approvals">All that waits for you</Link>}
    </Block>
  );
}
