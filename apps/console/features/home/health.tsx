'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Badge } from '../../design/badge.tsx';
import { DetailList } from '../../design/detail-list.tsx';
import { useSession } from '../../session/session.tsx';
import { Block } from './block.tsx';

const count = (number: number): string => number.toLocaleString('en');

/** How the server, its database and its log are, for those who answer for them. */
export function Health() {
  const { client } = useSession();
  const status = useQuery({
    queryKey: ['status', 'home'],
    queryFn: () => client.getStatus({}),
    refetchInterval: 30_000,
  });
  const now = status.data;
  return (
    <Block title="Health" query={status}>
      {now === undefined ? null : (
        <DetailList
          isBare
          items={[
            [
              'Server',
              <Badge key="server" kind={now.health.status === 'ok' ? 'success' : 'danger'}>
                {now.health.status}
              </Badge>,
            ],
            ['Database', `PostgreSQL ${now.database.version}${now.database.embedded ? ', embedded' : ''}`],
            [
              'Log',
              now.audit.chainValid === false ? (
                <Badge key="log" kind="danger">
                  broken: verify it from outside
                </Badge>
              ) : (
                `${count(now.audit.logSize)} events, ${count(now.audit.publishedSize)} under the newest checkpoint`
              ),
            ],
            ['Jobs', `${count(now.jobs.running)} running, ${count(now.jobs.pending)} waiting, of all organizations`],
            ...(now.emergencies === undefined
              ? []
              : [
                  [
                    'Emergencies',
                    now.emergencies.unreviewed === 0 ? (
                      'none waits for a review'
                    ) : (
                      <Link key="emergencies" href="/access">
                        {count(now.emergencies.unreviewed)} to be reviewed, {count(now.emergencies.overdue)} overdue
                      </Link>
                    ),
                  ] as const,
                ]),
          ]}
        />
      )}
    </Block>
  );
}
