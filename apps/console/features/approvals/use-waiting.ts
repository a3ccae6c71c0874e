'use client';
import { useQuery } from '@tanstack/react-query';
import { useSession } from '../../session/session.tsx';
import { useApprovalRefetch } from './feed-context.ts';

const looked = 20;

export interface WaitingRequests {
  readonly count: number;
  /** There are more than were counted. */
  readonly more: boolean;
}

/** ACC-9: how many requests wait for the reader's decision; null: not known yet, or not his to decide. */
export function useWaiting(): WaitingRequests | null {
  const { client, may } = useSession();
  const { data } = useQuery({
    queryKey: ['approvals', 'waiting'],
    queryFn: () => client.listApprovals({ query: { mine: 'to-decide', limit: looked } }),
    enabled: may('approval.decide'),
    refetchInterval: useApprovalRefetch(),
  });
  return data === undefined ? null : { count: data.items.length, more: data.nextCursor !== null };
}

export const waitingNumber = ({ count, more }: WaitingRequests): string => `${count}${more ? '+' : ''}`;

export const waitingSentence = (waiting: WaitingRequests): string =>
  waiting.count === 0
    ? 'No request waits for your decision'
    : waiting.count === 1 && !waiting.more
      ? 'One request waits for your decision'
      : `${waitingNumber(waiting)} requests wait for your decision`;
