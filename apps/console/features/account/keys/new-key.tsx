'use client';
import { permissions } from '@quantumvault/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Button } from '../../../design/button.tsx';
import { Field } from '../../../design/field.tsx';
import { Select } from '../../../design/select.tsx';
import { useStepUp } from '../../../design/step-up.tsx';
import { useSession } from '../../../session/session.tsx';
import styles from '../account.module.css';
import { limitsOf, lives, type NewKeyBody } from './key-limits.ts';
import type { MadeKey } from './own-keys.tsx';
import { usePlaces } from './places.ts';

export interface NewKeyProps {
  readonly onMade: (made: MadeKey) => void;
  readonly onCancel: () => void;
}

/** Limits of a new key. The narrow choice comes first: a key for everything is made on purpose alone. */
export function NewKey({ onMade, onCancel }: NewKeyProps) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const [scope, setScope] = useState('some');
  const places = usePlaces();
  const make = useMutation({
    mutationFn: (body: NewKeyBody) => run(() => client.createOwnApiKey({ body })),
    gcTime: 0,
    onSuccess: onMade,
    onSettled: () => queries.invalidateQueries({ queryKey: ['account', 'keys'] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    make.mutate(limitsOf(new FormData(event.currentTarget)));
  };
  return (
    <form className={styles.column} onSubmit={submit} aria-label="New API key">
      <Field label="Name" hint="What it is for" name="name" required maxLength={200} />
      <Select
        label="It may"
        name="scope"
        value={scope}
        onChange={({ target }) => setScope(target.value)}
        options={[
          ['some', 'only what is chosen here'],
          ['all', 'all that you may'],
        ]}
      />
      {scope === 'some' ? (
        <fieldset className={styles.permissions}>
          <legend>Rights of the key</legend>
          {permissions
            .filter((name) => may(name))
            .map((name) => (
              <label key={name}>
                <input type="checkbox" name="permission" value={name} /> {name}
              </label>
            ))}
        </fieldset>
      ) : null}
      <Select label="Good in" name="place" options={places} />
      <Field
        label="From these networks only"
        hint="Addresses or networks with commas between, such as 192.0.2.0/24; empty: from everywhere"
        name="networks"
        maxLength={2000}
      />
      <Select label="Good for" name="days" options={lives} defaultValue="90" />
      <ActionFailure error={make.error} doing="Making the key" />
      <div className={styles.buttons}>
        <Button kind="primary" type="submit" isBusy={make.isPending}>
          Make the key
        </Button>
        <Button kind="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
      {prompt}
    </form>
  );
}
