'use client';
import { isPermission, permissions, type RoleView } from '@quantumvault/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import { Field } from '../../design/field.tsx';
import { PermissionBoxes } from '../../design/permission-boxes.tsx';
import { StepUpDeclinedError, useStepUp } from '../../design/step-up.tsx';
import { useSession } from '../../session/session.tsx';
import styles from './roles.module.css';

/** Makes a role, or changes the permissions of one. What the author does not hold cannot be given, so it is not offered. */
export function RoleForm({ value: role, onDone }: { readonly value: RoleView | null; readonly onDone: () => void }) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const save = useMutation({
    mutationFn: (form: FormData) => {
      const chosen = form.getAll('permission').map(String).filter(isPermission);
      if (role === null) {
        const name = String(form.get('name') ?? '').trim();
        return run(() => client.createRole({ body: { name, permissions: chosen } }));
      }
      const params = { id: role.id ?? '' };
      return run(() => client.updateRole({ params, body: { permissions: chosen } }, { ifMatch: `"${role.version}"` }));
    },
    onSuccess: onDone,
    onSettled: () => queries.invalidateQueries({ queryKey: ['people'] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate(new FormData(event.currentTarget));
  };
  const held = new Set(role?.permissions ?? []);
  return (
    <>
      <form className={styles.form} onSubmit={submit} aria-label={role === null ? 'New role' : `Change ${role.name}`}>
        {role === null ? (
          <Field
            label="Name (lower case with hyphens)"
            name="name"
            required
            maxLength={100}
            pattern="[a-z0-9]+(-[a-z0-9]+)*"
          />
        ) : null}
        <PermissionBoxes
          legend="What it may"
          names={permissions.filter((name) => may(name) || held.has(name))}
          chosen={held}
        />
        {save.error === null || save.error instanceof StepUpDeclinedError ? null : (
          <Failure error={save.error} doing="Saving the role" />
        )}
        <div>
          <Button kind="primary" type="submit" isBusy={save.isPending}>
            {role === null ? 'Make the role' : 'Save'}
          </Button>
        </div>
      </form>
      {prompt}
    </>
  );
}
