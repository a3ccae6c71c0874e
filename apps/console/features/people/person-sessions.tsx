'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ActionFailure } from '../../design/action-failure.tsx';
import { ConfirmButton } from '../../design/confirm-button.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Skeleton } from '../../design/skeleton.tsx';
import { Time } from '../../design/time.tsx';
import { useToast } from '../../design/toast.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useSession } from '../../session/session.tsx';
import { agentWord } from '../account/agent-word.ts';

/** ACC-4: where a person is signed in; one session or all of them are ended at once. */
export function PersonSessions({ userId }: { readonly userId: string }) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const toast = useToast();
  const action = useGuardedAction();
  const params = { id: userId };
  const queryKey = ['people', 'sessions', userId];
  const sessions = useQuery({ queryKey, queryFn: () => client.listUserSessions({ params }) });
  const end = (sessionId?: string) =>
    void action.run(
      () => client.revokeUserSessions({ params, body: sessionId === undefined ? {} : { sessionId } }),
      ({ revoked }) => {
        toast({ text: revoked === 1 ? 'One session is ended.' : `${revoked} sessions are ended.` });
        return queries.invalidateQueries({ queryKey });
      },
    );
  const items = sessions.data?.items ?? [];
  return (
    <section className={layout.section} aria-label="Sessions">
      <h2>Where this person is signed in</h2>
      {sessions.isPending ? <Skeleton label="Reading the sessions" /> : null}
      {sessions.error === null ? null : <Failure error={sessions.error} doing="Reading the sessions" />}
      {sessions.isSuccess && items.length === 0 ? <p className={layout.muted}>Signed in nowhere.</p> : null}
      {items.length === 0 ? null : (
        <ul className={layout.rows} aria-label="Sessions">
          {items.map((session) => (
            <li key={session.id} className={layout.row}>
              <div className={layout.main}>
                {session.userAgent === null ? (
                  'A program that does not name itself'
                ) : (
                  <bdi title={session.userAgent}>{agentWord(session.userAgent)}</bdi>
                )}
                <span className={layout.muted}>
                  from <bdi>{session.sourceAddress ?? 'an address that is no longer kept'}</bdi>, last used{' '}
                  <Time value={session.lastUsedAt} />, ends <Time value={session.endsAt} />
                </span>
              </div>
              {may('session.revoke') ? (
                <ConfirmButton
                  label="End"
                  about={`the session from ${session.sourceAddress ?? 'an unknown address'}`}
                  sure="Sign this person out there"
                  isBusy={action.isBusy}
                  onConfirm={() => end(session.id)}
                />
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {items.length > 0 && may('session.revoke') ? (
        <div className={layout.buttons}>
          <ConfirmButton
            label="End all sessions"
            sure="Sign this person out everywhere"
            isBusy={action.isBusy}
            onConfirm={() => end()}
          />
        </div>
      ) : null}
      <ActionFailure error={action.error} doing="Ending the session" />
      {action.prompt}
    </section>
  );
}
