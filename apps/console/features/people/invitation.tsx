'use client';
import type { QuantumVaultClient, UserView } from '@quantumvault/api';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { ConfirmButton } from '../../design/confirm-button.tsx';
import layout from '../../design/layout.module.css';
import { ShownOnce } from '../../design/shown-once.tsx';
import { Time } from '../../design/time.tsx';
import { useToast } from '../../design/toast.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useSession } from '../../session/session.tsx';

export type Invited = Awaited<ReturnType<QuantumVaultClient['inviteUser']>>;

/** The part behind # is not sent to a server, so the token stands in no log of a proxy. */
const joinLink = (token: string): string => `${location.origin}/join#token=${encodeURIComponent(token)}`;

/** ACC-12: the link of an invitation, which nothing shows again. */
export function InvitationLink({ invited, onDone }: { readonly invited: Invited; readonly onDone: () => void }) {
  return (
    <ShownOnce
      title={`Give this link to ${invited.user.email}. It is shown this once.`}
      label="link of the invitation"
      value={joinLink(invited.token)}
      onDone={onDone}
    >
      <p>
        It is good for one person, until <Time value={invited.expiresAt} />.
      </p>
    </ShownOnce>
  );
}

/** ACC-12: an invitation that nobody has taken up: made anew when its link is lost, or cancelled. */
export function Invitation({ user }: { readonly user: UserView }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const toast = useToast();
  const action = useGuardedAction();
  const [invited, setInvited] = useState<Invited | null>(null);
  const params = { id: user.id };
  const refresh = () => queries.invalidateQueries({ queryKey: ['people'] });
  const renew = () =>
    action.run(
      () => client.renewInvitation({ params }),
      (answer) => {
        setInvited(answer);
        return refresh();
      },
    );
  const cancel = () =>
    action.run(
      () => client.cancelInvitation({ params }),
      () => {
        setInvited(null);
        toast({ text: 'The invitation is cancelled.' });
        return refresh();
      },
    );
  return (
    <section className={layout.section} aria-label="Invitation">
      <h2>Invitation</h2>
      {invited === null ? (
        <p className={layout.muted}>
          A new link makes the former one void. Nobody has joined with it yet; access for a time can be given from then
          on.
        </p>
      ) : (
        <InvitationLink invited={invited} onDone={() => setInvited(null)} />
      )}
      <div className={layout.buttons}>
        <Button isBusy={action.isBusy} onClick={() => void renew()}>
          Make a new link
        </Button>
        <ConfirmButton
          label="Cancel the invitation"
          sure="Make its link void and take its roles back"
          isBusy={action.isBusy}
          onConfirm={() => void cancel()}
        />
      </div>
      <ActionFailure error={action.error} doing="This" />
      {action.prompt}
    </section>
  );
}
