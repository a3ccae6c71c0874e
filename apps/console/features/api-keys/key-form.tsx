'use client';
import type { ApiKeyView } from '@quantumvault/api';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { Select } from '../../design/select.tsx';
import { ShownOnce } from '../../design/shown-once.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { PlaceChoice } from '../organization/place-choice.tsx';
import { type KeyLimits, limitsOf, lives } from './key-limits.ts';
import { PermissionChoice } from './permission-choice.tsx';

export interface NewKey {
  readonly key: ApiKeyView;
  readonly secret: string;
}

/** Makes a key within limits and shows its secret once. An end is the default: a key that is forgotten ends by itself. */
export function KeyForm({
  make,
  onMade,
  onDone,
}: {
  readonly make: (limits: KeyLimits) => Promise<NewKey>;
  readonly onMade: () => void;
  readonly onDone: () => void;
}) {
  const action = useGuardedAction();
  const [made, setMade] = useState<NewKey | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const limits = limitsOf(new FormData(event.currentTarget));
    void action.run(
      () => make(limits),
      (answer) => {
        setMade(answer);
        onMade();
      },
    );
  };
  if (made !== null) return <NewSecret made={made} onDone={onDone} />;
  return (
    <>
      <form className={layout.stack} onSubmit={submit} aria-label="New API key">
        <Field
          label="Name"
          name="name"
          required
          maxLength={200}
          hint="What uses it, so that its use can be recognized"
        />
        <Select label="Good for" name="days" options={lives} defaultValue="90" />
        <PlaceChoice label="Good in" />
        <Field
          label="From these networks only"
          name="networks"
          placeholder="192.0.2.0/24, 2001:db8::/32"
          hint="The key is refused from anywhere else. Empty: from everywhere."
          maxLength={2500}
        />
        <PermissionChoice />
        <ActionFailure error={action.error} doing="Making the key" />
        <div>
          <Button kind="primary" type="submit" isBusy={action.isBusy}>
            Make the key
          </Button>
        </div>
      </form>
      {action.prompt}
    </>
  );
}

/** The secret of a key that was just made. */
export function NewSecret({ made, onDone }: { readonly made: NewKey; readonly onDone: () => void }) {
  return (
    <ShownOnce
      title={`The key ${made.key.name} is made. It is shown this once.`}
      label="API key"
      value={made.secret}
      onDone={onDone}
    >
      <p>Put it where the program reads it: in a secret store or a file that only the program may read.</p>
    </ShownOnce>
  );
}
