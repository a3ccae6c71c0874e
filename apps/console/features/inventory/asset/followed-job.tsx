'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { JobStanding } from '../../approvals/job-progress.tsx';
import { hasEnded, useJob } from '../../jobs/use-job.ts';

/** A job of an asset as it goes on; when it ends, what is shown of the inventory is asked for again. */
export function FollowedJob({ id }: { readonly id: string }) {
  const queries = useQueryClient();
  const { data: job } = useJob(id);
  const isOver = job !== undefined && hasEnded(job);
  useEffect(() => {
    if (isOver) void queries.invalidateQueries({ queryKey: ['inventory'] });
  }, [isOver, queries]);
  return job === undefined ? null : <JobStanding job={job} />;
}
