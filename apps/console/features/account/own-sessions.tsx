'use client';
import type { SessionView } from '@quantumvault/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Badge } from '../../design/badge.tsx';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Skeleton } from '../../design/skeleton.tsx';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';
import styles from './account.module.css';
import { agentWord } from './agent-word.ts';

/** ACC-4: where one is signed in, and the end of what one does not recognise. */
export function OwnSessions() {
  const { client } = useSession();
  const queries = useQueryClient();
  const sessions = useQuery({ queryKey: ['account', 'sessions'], queryFn: () => client.listSessions() });
  const revoke = useMutation({
    // Without an id: all others, at once.
    mutationFn: async (id: string | undefined) => {
      if (id === undefined) await client.revokeOtherSessions();
      else await client.revokeSession({ params: { id } });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['account', 'sessions'] }),
  });
  const others = sessions.data?.items.filter(({ isCurrent }) => !isCurrent) ?? [];
  return (
    <section className={layout.section} aria-label="Sessions">
      <h2>Where you are signed in</h2>
      <p className={layout.muted}>
        A session that you do not recognise is somebody else: end it, then change your password.
      </p>
      {sessions.isPending ? <Skeleton label="Reading your sessions" /> : null}
      {sessions.error === null ? null : <Failure error={sessions.error} doing="Reading your sessions" />}
      <ActionFailure error={revoke.error} doing="Ending the session" />
      <ul className={layout.rows} aria-label="Sessions">
        {sessions.data?.items.map((session) => (
          <li key={session.id} className={layout.row}>
            <Session session={session} />
            {session.isCurrent ? (
              <Badge kind="success">This session</Badge>
            ) : (
              <Button kind="danger" isBusy={revoke.isPending} onClick={() => revoke.mutate(session.id)}>
                End
                <span className="hidden-text"> the session from {session.sourceAddress ?? 'an unknown address'}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      {others.length === 0 ? (
        sessions.isSuccess ? (
          <p className={layout.muted}>You are signed in nowhere else.</p>
        ) : null
      ) : (
        <div>
          <Button kind="danger" isBusy={revoke.isPending} onClick={() => revoke.mutate(undefined)}>
            End all others ({others.length})
          </Button>
        </div>
      )}
    </section>
  );
}

function Session({ session }: { readonly session: SessionView }) {
  return (
    <div className={styles.facts}>
      <span>
        {session.userAgent === null ? (
          'A program that does not name itself'
        ) : (
          <bdi title={session.userAgent}>{agentWord(session.userAgent)}</bdi>
        )}
        {session.transport === 'token' ? ' (a program)' : ''}
      </span>
      <span className={layout.muted}>
        from <bdi>{session.sourceAddress ?? 'an address that is no longer kept'}</bdi>, begun{' '}
        <Time value={session.createdAt} />, last used <Time value={session.lastUsedAt} />, ends{' '}
        <Time value={session.endsAt} />
        {session.mfaAt === null ? ', without a second factor' : ''}
      </span>
    </div>
  );
}
