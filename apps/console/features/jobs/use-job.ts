'use client';
import type { JobView } from '@quantumvault/api';
import { type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { problemCode } from '../../session/api.ts';
import { useSession } from '../../session/session.tsx';
import { useStream } from '../../session/use-stream.ts';

const query = `subscription ($id: String!) {
  getJob(id: $id) { status progress attempts cancelRequested runAt startedAt finishedAt }
}`;

const changeSchema = z.object({
  getJob: z.object({
    status: z.enum(['pending', 'running', 'succeeded', 'failed', 'cancelled']),
    progress: z.number(),
    attempts: z.number(),
    cancelRequested: z.boolean(),
    runAt: z.string(),
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
  }),
});

export const hasEnded = (job: Pick<JobView, 'status'>): boolean => job.status !== 'pending' && job.status !== 'running';

/** Asked from time to time where no stream tells. */
const withoutStreamMs = 3_000;

/** A job as it is now: told by the server while it goes on, and read again when its state changes. */
export function useJob(id: string): UseQueryResult<JobView> {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const queryKey = ['jobs', 'one', id];
  const enabled = id !== '' && may('job.read');
  const known = queries.getQueryData<JobView>(queryKey);
  const readAnew = () => void queries.invalidateQueries({ queryKey });
  const state = useStream({
    query,
    variables: { id },
    schema: changeSchema,
    enabled: enabled && (known === undefined || !hasEnded(known)),
    onData: ({ getJob: change }) => {
      const before = queries.getQueryData<JobView>(queryKey);
      if (before !== undefined) queries.setQueryData<JobView>(queryKey, { ...before, ...change });
      // Its result and its error are not in the message.
      if (before?.status !== change.status || before.attempts !== change.attempts) readAnew();
    },
    onStand: readAnew,
  });
  return useQuery({
    queryKey,
    queryFn: () => client.getJob({ params: { id } }),
    enabled,
    refetchInterval: ({ state: asked }) => {
      const isOver = asked.error !== null || (asked.data !== undefined && hasEnded(asked.data));
      return isOver || state === 'live' ? false : withoutStreamMs;
    },
    retry: (count, error) => count < 2 && problemCode(error) === null,
  });
}
