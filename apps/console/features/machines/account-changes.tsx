'use client';
import type { ServiceAccountView } from '@quantumvault/api';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import type { FormEvent } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { ConfirmButton } from '../../design/confirm-button.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useSession } from '../../session/session.tsx';

/** Renames, disables and deletes. A change names the version that was read, so that it cannot undo one of somebody else. */
export function AccountChanges({ account }: { readonly account: ServiceAccountView }) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const router = useRouter();
  const action = useGuardedAction();
  const params = { id: account.id };
  const refresh = () => queries.invalidateQueries({ queryKey: ['machines'] });
  const change = (body: Parameters<typeof client.updateServiceAccount>[0]['body']) =>
    action.run(() => client.updateServiceAccount({ params, body }, { ifMatch: `"${account.version}"` }), refresh);
  const rename = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const description = String(form.get('description') ?? '').trim();
    const name = String(form.get('name') ?? '').trim();
    void change({ name, ...(description === '' ? {} : { description }) });
  };
  const remove = () =>
    action.run(
      () => client.deleteServiceAccount({ params }),
      async () => {
        router.push('/machines');
        await refresh();
      },
    );
  const isActive = account.status === 'active';
  if (!may('service-account.update') && !may('service-account.delete')) return null;
  return (
    <section className={layout.section} aria-label="Changes">
      <h2>Change, disable and delete</h2>
      {may('service-account.update') ? (
        <form className={layout.form} onSubmit={rename}>
          <Field label="Name" name="name" required maxLength={200} defaultValue={account.name} />
          <Field label="What it is for" name="description" maxLength={1000} defaultValue={account.description} />
          <Button type="submit" isBusy={action.isBusy}>
            Save
          </Button>
        </form>
      ) : null}
      <ActionFailure error={action.error} doing="The change" />
      <div className={layout.buttons}>
        {may('service-account.update') ? (
          <Button isBusy={action.isBusy} onClick={() => void change({ isEnabled: !isActive })}>
            {isActive ? 'Disable' : 'Enable'}
          </Button>
        ) : null}
        {may('service-account.delete') ? (
          <ConfirmButton
            label="Delete"
            sure="Delete it with its keys and grants, for good"
            isBusy={action.isBusy}
            onConfirm={() => void remove()}
          />
        ) : null}
      </div>
      {action.prompt}
    </section>
  );
}
