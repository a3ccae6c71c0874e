'use client';
import type { ApiKeyView } from '@quantumvault/api';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import layout from '../../design/layout.module.css';
import { Select } from '../../design/select.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useSession } from '../../session/session.tsx';
import { type NewKey, NewSecret } from './key-form.tsx';
import { overlaps } from './key-limits.ts';

/** Replaces a key by one with the same limits; for a while both are good, so that nothing stands still meanwhile. */
export function ReplaceKey({
  apiKey,
  isOwn,
  onMade,
  onClose,
}: {
  readonly apiKey: ApiKeyView;
  readonly isOwn: boolean;
  readonly onMade: () => void;
  readonly onClose: () => void;
}) {
  const { client } = useSession();
  const action = useGuardedAction();
  const [made, setMade] = useState<NewKey | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const overlapHours = Number(new FormData(event.currentTarget).get('overlap'));
    const call = { params: { id: apiKey.id }, body: { overlapHours } };
    void action.run(
      () => (isOwn ? client.rotateOwnApiKey(call) : client.rotateApiKey(call)),
      (answer) => {
        setMade(answer);
        onMade();
      },
    );
  };
  return (
    <Dialog title={`Replace the key ${apiKey.name}`} onClose={onClose}>
      {made === null ? (
        <form className={layout.stack} onSubmit={submit}>
          <p>The new key gets the same rights, place, networks and lifetime. The old one is not shown again.</p>
          <Select label="The old key stays good for" name="overlap" options={overlaps} defaultValue="24" />
          <ActionFailure error={action.error} doing="Replacing the key" />
          <div>
            <Button kind="primary" type="submit" isBusy={action.isBusy}>
              {' '}
              Make the new key
            </Button>
          </div>
        </form>
      ) : (
        <NewSecret made={made} onDone={onClose} />
      )}
      {action.prompt}
    </Dialog>
  );
}
