'use client';
import { Page } from '../../design/page.tsx';
import { useSession } from '../../session/session.tsx';
import { Certificates } from './certificates.tsx';
import { Devices } from './devices.tsx';
import { ServiceAccounts } from './service-accounts.tsx';

/** ACC-2: what acts here and is no person. */
export function MachinesRoom() {
  const { may } = useSession();
  if (!may('service-account.read')) return null;
  return (
    <Page
      title="Machines"
      lead="Programs and devices that act in this organization, each with rights of its own and somebody who answers for it."
    >
      <ServiceAccounts />
      {may('device.read') ? <Devices /> : null}
      {may('client-certificate.read') ? <Certificates /> : null}
    </Page>
  );
}
