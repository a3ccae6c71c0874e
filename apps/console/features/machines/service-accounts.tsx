'use client';
import { useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Badge } from '../../design/badge.tsx';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { EmptyState } from '../../design/empty-state.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { Skeleton } from '../../design/skeleton.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useListing } from '../../design/use-listing.tsx';
import { useSession } from '../../session/session.tsx';
import { useNames } from '../people/use-names.ts';

/** The service accounts of the organization: programs, and who answers for each. */
export function ServiceAccounts() {
  const { client, may } = useSession();
  const nameOf = useNames();
  const [isNew, setIsNew] = useState(false);
  const accounts = useListing({
    queryKey: ['machines', 'accounts'],
    read: (cursor) => client.listServiceAccounts({ query: { limit: 50, cursor } }),
    things: 'service accounts',
  });
  const newAccount = may('service-account.create') ? (
    <Button kind="primary" onClick={() => setIsNew(true)}>
      New service account
    </Button>
  ) : null;
  return (
    <section className={layout.section} aria-label="Service accounts">
      <div className={layout.head}>
        <h2>Service accounts</h2>
        {accounts.isEmpty ? null : newAccount}
      </div>
      {accounts.failure}
      {accounts.isWaiting ? <Skeleton label="Reading the service accounts" /> : null}
      {accounts.isEmpty ? (
        <EmptyState icon="machine" title="No program acts here yet." action={newAccount}>
          Give each program an account of its own: then its rights can be small, and the log says which one it was.
        </EmptyState>
      ) : null}
      {accounts.items.length === 0 ? null : (
        <ul className={layout.rows} aria-label="Service accounts">
          {accounts.items.map((account) => (
            <li key={account.id} className={layout.row}>
              <div className={layout.main}>
                <Link href={`/machines/account?id=${account.id}`}>
                  <bdi>{account.name}</bdi>
                </Link>
                <bdi className={layout.muted}>{account.description}</bdi>
              </div>
              <div className={layout.main}>
                <bdi>{account.roles.join(', ') || 'no role'}</bdi>
                {account.ownerId === null ? (
                  <span className={layout.warning}>nobody answers for it</span>
                ) : (
                  <span className={layout.muted}>
                    answered for by <bdi>{nameOf(account.ownerId)}</bdi>
                  </span>
                )}
              </div>
              <Badge kind={account.status === 'active' ? 'success' : 'warning'}>{account.status}</Badge>
            </li>
          ))}
        </ul>
      )}
      {accounts.more}
      {isNew ? <NewAccount onClose={() => setIsNew(false)} /> : null}
    </section>
  );
}

function NewAccount({ onClose }: { readonly onClose: () => void }) {
  const { client, state } = useSession();
  const queries = useQueryClient();
  const router = useRouter();
  const action = useGuardedAction();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get('name') ?? '').trim();
    const description = String(form.get('description') ?? '').trim();
    const owner = state.status === 'signed-in' && state.who.kind === 'user' ? { ownerId: state.who.actorId } : {};
    const body = { name, ...owner, ...(description === '' ? {} : { description }) };
    void action.run(
      () => client.createServiceAccount({ body }),
      async (account) => {
        await queries.invalidateQueries({ queryKey: ['machines'] });
        router.push(`/machines/account?id=${account.id}`);
      },
    );
  };
  return (
    <Dialog title="New service account" onClose={onClose}>
      <form className={layout.stack} onSubmit={submit}>
        <p>It may nothing at first. Its rights and its keys are given on its page; you answer for it.</p>
        <Field label="Name" name="name" required maxLength={200} />
        <Field label="What it is for" name="description" maxLength={1000} />
        <ActionFailure error={action.error} doing="Creating the account" />
        <div>
          <Button kind="primary" type="submit" isBusy={action.isBusy}>
            Create
          </Button>
        </div>
      </form>
      {action.prompt}
    </Dialog>
  );
}
