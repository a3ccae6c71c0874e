'use client';
import type { DeviceView } from '@quantumvault/api';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { ConfirmButton } from '../../design/confirm-button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { EmptyState } from '../../design/empty-state.tsx';
import layout from '../../design/layout.module.css';
import { Skeleton } from '../../design/skeleton.tsx';
import { Time } from '../../design/time.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useListing } from '../../design/use-listing.tsx';
import { useSession } from '../../session/session.tsx';
import { GiveAccess } from '../people/give-access.tsx';
import { Grants } from '../people/grants.tsx';
import { useNames } from '../people/use-names.ts';
import { Certificates } from './certificates.tsx';
import { Enrollment } from './enrollment.tsx';

/** Machines that prove themselves by a key of their own. */
export function Devices() {
  const { client, may } = useSession();
  const [isNew, setIsNew] = useState(false);
  const devices = useListing({
    queryKey: ['machines', 'devices'],
    read: (cursor) => client.listDevices({ query: { limit: 50, cursor } }),
    things: 'devices',
  });
  const enroll = may('device.enroll') ? <Button onClick={() => setIsNew(true)}>Enrol a device</Button> : null;
  return (
    <section className={layout.section} aria-label="Devices">
      <div className={layout.head}>
        <h2>Devices</h2>
        {devices.isEmpty ? null : enroll}
      </div>
      {devices.failure}
      {devices.isWaiting ? <Skeleton label="Reading the devices" /> : null}
      {devices.isEmpty ? (
        <EmptyState icon="machine" title="No device is enrolled." action={enroll}>
          A device proves itself by a key that never leaves it. A one-time token, made here, lets its agent enrol.
        </EmptyState>
      ) : null}
      {devices.items.length === 0 ? null : (
        <ul className={layout.rows} aria-label="Devices">
          {devices.items.map((device) => (
            <Device key={device.id} value={device} />
          ))}
        </ul>
      )}
      {devices.more}
      {isNew ? <Enrollment onClose={() => setIsNew(false)} /> : null}
    </section>
  );
}

function Device({ value: device }: { readonly value: DeviceView }) {
  const { client, may } = useSession();
  const nameOf = useNames();
  const queries = useQueryClient();
  const action = useGuardedAction();
  const [isLooking, setIsLooking] = useState(false);
  const revoke = () =>
    action.run(
      () => client.revokeDevice({ params: { id: device.id } }),
      () => queries.invalidateQueries({ queryKey: ['machines'] }),
    );
  return (
    <li className={layout.row}>
      <div className={layout.main}>
        <strong>
          <bdi>{device.name}</bdi>
        </strong>
        <span className={layout.muted}>
          {device.algorithm} key <code>{device.keyFingerprint}</code>
        </span>
        {device.macAddresses.length === 0 ? null : (
          <span className={layout.muted}>reports {device.macAddresses.join(', ')} (weak evidence)</span>
        )}
        <ActionFailure error={action.error} doing="Revoking the device" />
      </div>
      <div className={layout.main}>
        <span>
          enrolled by <bdi>{nameOf(device.enrolledBy)}</bdi>, <Time value={device.enrolledAt} />
        </span>
        <span>
          {device.lastSeenAt === null ? (
            'never seen since'
          ) : (
            <>
              last seen <Time value={device.lastSeenAt} />
            </>
          )}
        </span>
      </div>
      <div className={layout.buttons}>
        {may('grant.read') ? (
          <Button onClick={() => setIsLooking(true)}>
            Access<span className="hidden-text"> of {device.name}</span>
          </Button>
        ) : null}
        {may('device.revoke') ? (
          <ConfirmButton
            label="Revoke"
            about={device.name}
            sure="Revoke it now, for good"
            isBusy={action.isBusy}
            onConfirm={() => void revoke()}
          />
        ) : null}
      </div>
      {action.prompt}
      {isLooking ? (
        <Dialog title={`What ${device.name} may`} place="side" onClose={() => setIsLooking(false)}>
          <div className={layout.stack}>
            {may('grant.create') && may('role.read') ? <GiveAccess subjectId={device.id} /> : null}
            <Grants subjectId={device.id} />
            {may('client-certificate.read') ? <Certificates subjectId={device.id} /> : null}
          </div>
        </Dialog>
      ) : null}
    </li>
  );
}
