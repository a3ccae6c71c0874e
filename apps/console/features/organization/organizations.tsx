'use client';
import type { OrganizationView, QuantumVaultClient } from '@quantumvault/api';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { ConfirmButton } from '../../design/confirm-button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { ShownOnce } from '../../design/shown-once.tsx';
import { Time } from '../../design/time.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useListing } from '../../design/use-listing.tsx';
import { useSession } from '../../session/session.tsx';

/** Every organization of the installation, for whoever runs it. What is in another one stays hidden. */
export function Organizations() {
  const { client, may } = useSession();
  const [isNew, setIsNew] = useState(false);
  const organizations = useListing({
    queryKey: ['organizations'],
    read: (cursor) => client.listOrganizations({ query: { limit: 50, cursor } }),
    things: 'organizations',
  });
  return (
    <section className={layout.section} aria-label="Organizations">
      <div className={layout.head}>
        <h2>All organizations of this installation</h2>
        {may('organization.create') ? <Button onClick={() => setIsNew(true)}>New organization</Button> : null}
      </div>
      {organizations.failure}
      <ul className={layout.rows} aria-label="Organizations">
        {organizations.items.map((organization) => (
          <Organization key={organization.id} value={organization} />
        ))}
      </ul>
      {organizations.more}
      {isNew ? <NewOrganization onClose={() => setIsNew(false)} /> : null}
    </section>
  );
}

function Organization({ value: organization }: { readonly value: OrganizationView }) {
  const { client, state, may } = useSession();
  const queries = useQueryClient();
  const action = useGuardedAction();
  const isOwn = state.status === 'signed-in' && state.who.organizationId === organization.id;
  const call = { params: { id: organization.id } };
  const refresh = () => queries.invalidateQueries({ queryKey: ['organizations'] });
  return (
    <li className={layout.row}>
      <div className={layout.main}>
        <strong>
          <bdi>{organization.name}</bdi>
        </strong>
        <span className={layout.muted}>
          {isOwn ? 'yours, ' : ''}since <Time value={organization.createdAt} />
        </span>
        <ActionFailure error={action.error} doing="This" />
      </div>
      <strong>{organization.status}</strong>
      {may('organization.suspend') && !isOwn ? (
        <div className={layout.buttons}>
          {organization.status === 'active' ? (
            <ConfirmButton
              label="Suspend"
              about={organization.name}
              sure="Suspend it: nobody of it is answered any more"
              isBusy={action.isBusy}
              onConfirm={() => void action.run(() => client.suspendOrganization(call), refresh)}
            />
          ) : (
            <Button
              isBusy={action.isBusy}
              onClick={() => void action.run(() => client.resumeOrganization(call), refresh)}
            >
              Resume<span className="hidden-text"> {organization.name}</span>
            </Button>
          )}
        </div>
      ) : null}
      {action.prompt}
    </li>
  );
}

type Made = Awaited<ReturnType<QuantumVaultClient['createOrganization']>>;

function NewOrganization({ onClose }: { readonly onClose: () => void }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const action = useGuardedAction();
  const [made, setMade] = useState<Made | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = {
      name: String(form.get('name') ?? '').trim(),
      environment: { name: 'production', type: 'production' as const },
      administrator: { email: String(form.get('email') ?? '').trim() },
    };
    void action.run(
      () => client.createOrganization({ body }),
      (answer) => {
        setMade(answer);
        return queries.invalidateQueries({ queryKey: ['organizations'] });
      },
    );
  };
  return (
    <Dialog title="New organization" onClose={onClose}>
      {made === null ? (
        <form className={layout.stack} onSubmit={submit}>
          <p>It gets keys of its own, a first environment for production, and its first administrator.</p>
          <Field label="Name of the organization" name="name" required maxLength={200} />
          <Field label="Email of its first administrator" name="email" type="email" required maxLength={320} />
          <ActionFailure error={action.error} doing="Creating the organization" />
          <div>
            <Button kind="primary" type="submit" isBusy={action.isBusy}>
              Create
            </Button>
          </div>
        </form>
      ) : (
        <MadeOrganization made={made} onClose={onClose} />
      )}
      {action.prompt}
    </Dialog>
  );
}

function MadeOrganization({ made, onClose }: { readonly made: Made; readonly onClose: () => void }) {
  const { apiKey, email } = made.administrator;
  if (apiKey === null)
    return <Notice kind="warning" title="It was created before; its first key is not shown again." />;
  return (
    <ShownOnce title={`First key of ${email}. It is shown this once.`} label="API key" value={apiKey} onDone={onClose}>
      <p>With this key {email} makes the first invitations.</p>
    </ShownOnce>
  );
}
