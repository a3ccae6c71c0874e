'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Badge } from '../../design/badge.tsx';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';
import { kindWord, statusKind, statusWord } from '../jobs/job-words.ts';
import { Block } from './block.tsx';
import styles from './home.module.css';

/** INV-9: what runs now, and what failed last. */
export function Work() {
  const { client } = useSession();
  const jobs = useQuery({
    queryKey: ['jobs', 'home'],
    queryFn: async () => {
      const [running, failed] = await Promise.all([
        client.listJobs({ query: { status: 'running', limit: 5 } }),
        client.listJobs({ query: { status: 'failed', limit: 5 } }),
      ]);
      return [...running.items, ...failed.items];
    },
    refetchInterval: 5_000,
  });
  return (
    <Block title="Work" query={jobs}>
      {jobs.data?.length === 0 ? <p>Nothing runs, and nothing has failed.</p> : null}
      <ul className={styles.list}>
        {jobs.data?.map((job) => (
          <li key={job.id}>
            <Link href={`/jobs/job?id=${job.id}`} prefetch={false}>
              {kindWord[job.kind]}
            </Link>
            <span>
              <Badge kind={statusKind[job.status]}>{statusWord[job.status]}</Badge> <Time value={job.createdAt} />
            </span>
          </li>
        ))}
      </ul>
      <Link href="/jobs">All jobs</Link>
    </Block>
  );
}
