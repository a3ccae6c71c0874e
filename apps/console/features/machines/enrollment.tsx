'use client';
import type { QuantumVaultClient } from '@quantumvault/api';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { Select } from '../../design/select.tsx';
import { ShownOnce } from '../../design/shown-once.tsx';
import { Time } from '../../design/time.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useSession } from '../../session/session.tsx';

type Made = Awaited<ReturnType<QuantumVaultClient['createDeviceEnrollment']>>;
const lifetimes = [
  ['1', '1 hour'],
  ['24', '1 day'],
  ['168', '1 week'],
] as const;

/** Makes the one-time token by which an agent enrols. No listing has it again, so it can be cancelled here alone. */
export function Enrollment({ onClose }: { readonly onClose: () => void }) {
  const { client, may } = useSession();
  const action = useGuardedAction();
  const [made, setMade] = useState<Made | null>(null);
  const [isCancelled, setIsCancelled] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = { name: String(form.get('name') ?? '').trim(), expiresInHours: Number(form.get('hours')) };
    void action.run(() => client.createDeviceEnrollment({ body }), setMade);
  };
  const cancel = (id: string) =>
    action.run(
      () => client.cancelDeviceEnrollment({ params: { id } }),
      () => {
        setMade(null);
        setIsCancelled(true);
      },
    );
  return (
    <Dialog title="Enrol a device" onClose={onClose}>
      <div className={layout.stack}>
        {made === null && !isCancelled ? (
          <form className={layout.stack} onSubmit={submit}>
            <Field label="Name of the device" name="name" required maxLength={200} />
            <Select label="The token is good for" name="hours" options={lifetimes} defaultValue="24" />
            <div>
              <Button kind="primary" type="submit" isBusy={action.isBusy}>
                Make the token
              </Button>
            </div>
          </form>
        ) : null}
        {made === null ? null : (
          <ShownOnce
            title={`Token for ${made.name}. It is shown this once.`}
            label="enrolment token"
            value={made.token}
            onDone={onClose}
          >
            <p>
              Give it to the agent on the device. It is good for one device, until <Time value={made.expiresAt} />.
            </p>
            {may('device.revoke') ? (
              <div>
                <Button kind="danger" isBusy={action.isBusy} onClick={() => void cancel(made.id)}>
                  Cancel the token
                </Button>
              </div>
            ) : null}
          </ShownOnce>
        )}
        {isCancelled ? <Notice kind="success" title="Cancelled: no device can enrol with this token." /> : null}
        <ActionFailure error={action.error} doing="This" />
      </div>
      {action.prompt}
    </Dialog>
  );
}
