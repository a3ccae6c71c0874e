'use client';
import type { FormEvent } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { useGuardedAction } from '../../design/use-guarded-action.ts';

/** Asks for the name of a place or of an organization, a new one or another one. */
export function NameDialog({
  title,
  name = '',
  save,
  onSaved,
  onClose,
}: {
  readonly title: string;
  readonly name?: string;
  readonly save: (name: string) => Promise<unknown>;
  readonly onSaved: () => Promise<unknown>;
  readonly onClose: () => void;
}) {
  const action = useGuardedAction();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const chosen = String(new FormData(event.currentTarget).get('name') ?? '').trim();
    void action.run(
      () => save(chosen),
      async () => {
        await onSaved();
        onClose();
      },
    );
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={layout.stack} onSubmit={submit}>
        <Field label="Name" name="name" required maxLength={200} defaultValue={name} />
        <ActionFailure error={action.error} doing="Saving the name" />
        <div>
          <Button kind="primary" type="submit" isBusy={action.isBusy}>
            Save
          </Button>
        </div>
      </form>
      {action.prompt}
    </Dialog>
  );
}
