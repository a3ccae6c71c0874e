'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useSession } from '../../../session/session.tsx';
import { JobProgress } from '../../approvals/job-progress.tsx';

/** A job of an asset as it goes on; when it ends, what is shown of the inventory is asked for again. */
export function FollowedJob({ id }: { readonly id: string }) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  // The same question as the progress asks, so it is asked once.
  const job = useQuery({
    queryKey: ['jobs', id],
    queryFn: () => client.getJob({ params: { id } }),
    enabled: may('job.read'),
  });
  const isOver = job.data?.finishedAt != null;
  useEffect(() => {
    if (isOver) void queries.invalidateQueries({ queryKey: ['inventory'] });
  }, [isOver, queries]);
  return <JobProgress id={id} />;
}
