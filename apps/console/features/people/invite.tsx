'use client';
import { isRole, roles } from '@quantumvault/api';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { Select } from '../../design/select.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useSession } from '../../session/session.tsx';
import { InvitationLink, type Invited } from './invitation.tsx';

/** ACC-12: invites by email address; the link is shown here once and kept nowhere else. */
export function Invite() {
  const { client } = useSession();
  const queries = useQueryClient();
  const action = useGuardedAction();
  const [invited, setInvited] = useState<Invited | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const role = String(form.get('role') ?? '');
    const body = { email: String(form.get('email') ?? '').trim(), roles: isRole(role) ? [role] : [] };
    void action.run(
      () => client.inviteUser({ body }),
      (answer) => {
        setInvited(answer);
        return queries.invalidateQueries({ queryKey: ['people'] });
      },
    );
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
        <Button kind="primary" type="submit" isBusy={action.isBusy}>
          Invite
        </Button>
      </form>
      <ActionFailure error={action.error} doing="The invitation" />
      {invited === null ? null : <InvitationLink invited={invited} onDone={() => setInvited(null)} />}
      {action.prompt}
    </section>
  );
}
