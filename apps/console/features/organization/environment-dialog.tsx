'use client';
import { useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { Select } from '../../design/select.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useSession } from '../../session/session.tsx';
import type { EnvironmentView } from './places.ts';

const types = ['production', 'staging', 'development', 'local'] as const;
type EnvironmentType = (typeof types)[number];
const typeOf = (text: string): EnvironmentType => types.find((type) => type === text) ?? 'production';

/** Creates an environment, or changes the name and the type of one. */
export function EnvironmentDialog({
  value: environment,
  onClose,
}: {
  readonly value: EnvironmentView | null;
  readonly onClose: () => void;
}) {
  const { client } = useSession();
  const queries = useQueryClient();
  const action = useGuardedAction();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = { name: String(form.get('name') ?? '').trim(), type: typeOf(String(form.get('type'))) };
    const save = (): Promise<EnvironmentView> => {
      if (environment === null) return client.createEnvironment({ body });
      const params = { id: environment.id };
      return client.changeEnvironment({ params, body }, { ifMatch: `"${environment.version}"` });
    };
    void action.run(save, async () => {
      await queries.invalidateQueries({ queryKey: ['places'] });
      onClose();
    });
  };
  return (
    <Dialog title={environment === null ? 'New environment' : `Change ${environment.name}`} onClose={onClose}>
      <form className={layout.stack} onSubmit={submit}>
        <Field label="Name" name="name" required maxLength={200} defaultValue={environment?.name ?? ''} />
        <Select
          label="Type"
          name="type"
          options={types.map((type) => [type, type] as const)}
          defaultValue={environment?.type ?? 'development'}
        />
        <ActionFailure error={action.error} doing="Saving the environment" />
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
