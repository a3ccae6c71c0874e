'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Button } from '../../../design/button.tsx';
import { ConfirmButton } from '../../../design/confirm-button.tsx';
import { Field } from '../../../design/field.tsx';
import layout from '../../../design/layout.module.css';
import { useStepUp } from '../../../design/step-up.tsx';
import { Time } from '../../../design/time.tsx';
import { useSession } from '../../../session/session.tsx';
import styles from '../account.module.css';
import type { PasskeyView } from './passkeys.tsx';

/** One passkey: its name, which can be changed, and its end. */
export function Passkey({ passkey }: { readonly passkey: PasskeyView }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const [isRenaming, setIsRenaming] = useState(false);
  const params = { id: passkey.id };
  const onSettled = () => queries.invalidateQueries({ queryKey: ['account', 'factors'] });
  const remove = useMutation({ mutationFn: () => run(() => client.removePasskey({ params })), onSettled });
  const rename = useMutation({
    mutationFn: (name: string) => client.renamePasskey({ params, body: { name } }, { ifMatch: `"${passkey.version}"` }),
    onSuccess: () => setIsRenaming(false),
    onSettled,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    rename.mutate(String(new FormData(event.currentTarget).get('name') ?? '').trim());
  };
  return (
    <li className={layout.row}>
      {isRenaming ? (
        <form className={layout.form} onSubmit={submit}>
          <Field label="New name" name="name" defaultValue={passkey.name} required maxLength={100} autoFocus />
          <Button type="submit" isBusy={rename.isPending}>
            Save the name
          </Button>
          <Button kind="quiet" onClick={() => setIsRenaming(false)}>
            Keep the old one
          </Button>
        </form>
      ) : (
        <>
          <div className={styles.facts}>
            <bdi>{passkey.name}</bdi>
            <span className={layout.muted}>
              added <Time value={passkey.createdAt} />,{' '}
              {passkey.lastUsedAt === null ? (
                'not used since'
              ) : (
                <>
                  last used <Time value={passkey.lastUsedAt} />
                </>
              )}
              {passkey.isBackedUp ? ', synchronised by its provider' : ', on this one device'}
            </span>
          </div>
          <div className={styles.buttons}>
            <Button kind="quiet" onClick={() => setIsRenaming(true)}>
              Rename
              <span className="hidden-text"> {passkey.name}</span>
            </Button>
            <ConfirmButton
              label="Remove"
              about={passkey.name}
              sure="Remove it for good"
              isBusy={remove.isPending}
              onConfirm={() => remove.mutate()}
            />
          </div>
        </>
      )}
      <ActionFailure error={remove.error} doing="Removing the passkey" />
      <ActionFailure error={rename.error} doing="Renaming the passkey" />
      {prompt}
    </li>
  );
}
