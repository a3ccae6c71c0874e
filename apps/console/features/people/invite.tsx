'use client';
import { isRole, roles } from '@quantumvault/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Button } from '../../design/button.tsx';
import { Code } from '../../design/code.tsx';
import { Failure } from '../../design/failure.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { Select } from '../../design/select.tsx';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';

/** The part behind # is not sent to a server, so the token stands in no log of a proxy. */
export const joinLink = (origin: string, token: string): string => `${origin}/join#token=${encodeURIComponent(token)}`;

/** ACC-12: invites by email address; the link is shown here once and nowhere else. */
export function Invite() {
  const { client } = useSession();
  const queries = useQueryClient();
  const invite = useMutation({
    mutationFn: (body: Parameters<typeof client.inviteUser>[0]['body']) => client.inviteUser({ body }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['people'] }),
    // The token is not to be kept by the cache of answers longer than it is shown.
    gcTime: 0,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const role = String(form.get('role') ?? '');
    invite.mutate({ email: String(form.get('email') ?? '').trim(), roles: isRole(role) ? [role] : [] });
  };
  return (
    <section className={layout.section} aria-label="Invite">
      <form className={layout.form} onSubmit={submit}>
        <Field label="Email of a new person" name="email" type="email" required maxLength={320} />
        <Select
          label="Role from the start"
          name="role"
          options={[['', 'none'], ...roles.map((role) => [role, role] as const)]}
        />
        <Button kind="primary" type="submit" isBusy={invite.isPending}>
          Invite
        </Button>
      </form>
      {invite.error === null ? null : <Failure error={invite.error} doing="The invitation" />}
      {invite.data === undefined ? null : (
        <Notice kind="success" title={`Give this link to ${invite.data.user.email}. It is shown this once.`}>
          <Code label="link of the invitation" value={joinLink(location.origin, invite.data.token)} />
          <p>
            It is good for one person, until <Time value={invite.data.expiresAt} />.
          </p>
          <div>
            <Button onClick={() => invite.reset()}>I have passed it on</Button>
          </div>
        </Notice>
      )}
    </section>
  );
}
