'use client';
import type { QuantumVaultClient, SessionView } from '@quantumvault/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Badge } from '../../design/badge.tsx';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Skeleton } from '../../design/skeleton.tsx';
import { Time } from '../../design/time.tsx';
import { problemCode } from '../../session/api.ts';
import { useSession } from '../../session/session.tsx';
import styles from './account.module.css';
import { agentWord } from './agent-word.ts';

/** Ends them one after another. One that has ended in the meantime is ended: that is what was wanted. */
async function end(client: QuantumVaultClient, sessions: readonly SessionView[]): Promise<void> {
  for (const { id } of sessions) {
    try {
      await client.revokeSession({ params: { id } });
    } catch (error) {
      if (problemCode(error) !== 'IDENTITY_SESSION_NOT_FOUND') throw error;
    }
  }
}

/** ACC-4: where one is signed in, and the end of what one does not recognise. */
export function OwnSessions() {
  const { client } = useSession();
  const queries = useQueryClient();
  const sessions = useQuery({ queryKey: ['account', 'sessions'], queryFn: () => client.listSessions() });
  const revoke = useMutation({
    mutationFn: (chosen: readonly SessionView[]) => end(client, chosen),
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
              <Button kind="danger" isBusy={revoke.isPending} onClick={() => revoke.mutate([session])}>
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
          <Button kind="danger" isBusy={revoke.isPending} onClick={() => revoke.mutate(others)}>
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
