'use client';
import type { ServiceAccountView } from '@quantumvault/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Code } from '../../design/code.tsx';
import { DetailList } from '../../design/detail-list.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Page } from '../../design/page.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';
import { KeyForm } from '../api-keys/key-form.tsx';
import { KeyList } from '../api-keys/key-list.tsx';
import { Explain } from '../people/explain.tsx';
import { GiveAccess } from '../people/give-access.tsx';
import { Grants } from '../people/grants.tsx';
import { useNames } from '../people/use-names.ts';
import { AccountChanges } from './account-changes.tsx';
import { Certificates } from './certificates.tsx';

/** One service account: its keys, what it may, and how it is changed, disabled and deleted. */
export function ServiceAccount() {
  const { client, may } = useSession();
  const id = useSearchParams().get('id') ?? '';
  const account = useQuery({
    queryKey: ['machines', 'account', id],
    queryFn: () => client.getServiceAccount({ params: { id } }),
    enabled: may('service-account.read'),
  });
  if (!may('service-account.read')) return null;
  return (
    <Page
      back={{ href: '/machines', label: 'All machines' }}
      title={account.data === undefined ? 'Service account' : <bdi>{account.data.name}</bdi>}
    >
      {account.isLoading ? <Skeleton label="Reading the service account" /> : null}
      {account.error === null ? null : <Failure error={account.error} doing="Reading the service account" />}
      {account.data === undefined ? null : <Facts account={account.data} />}
    </Page>
  );
}

function Facts({ account }: { readonly account: ServiceAccountView }) {
  const { may } = useSession();
  const nameOf = useNames();
  return (
    <>
      <DetailList
        items={[
          ['What it is for', account.description || 'not said'],
          ['Who answers for it', account.ownerId === null ? 'nobody' : nameOf(account.ownerId)],
          ['Status', account.status === 'active' ? 'active' : 'disabled: none of its credentials works'],
          ['Roles in the whole organization', account.roles.join(', ') || 'none'],
          ['Here since', <Time key="since" value={account.createdAt} />],
          ['Id', <Code key="id" label="id" value={account.id} />],
        ]}
      />
      {may('api-key.read') ? <Keys account={account} /> : null}
      {may('grant.create') && may('role.read') ? <GiveAccess subjectId={account.id} /> : null}
      {may('grant.read') ? <Grants subjectId={account.id} /> : null}
      {may('client-certificate.read') ? <Certificates subjectId={account.id} /> : null}
      {may('grant.read') ? <Explain subjectId={account.id} subjectWord="this service account" /> : null}
      <AccountChanges key={account.version} account={account} />
    </>
  );
}

function Keys({ account }: { readonly account: ServiceAccountView }) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const [isNew, setIsNew] = useState(false);
  return (
    <section className={layout.section} aria-label="Keys of the account">
      <div className={layout.head}>
        <h2>API keys</h2>
        {may('api-key.create') && account.status === 'active' ? (
          <Button kind="primary" onClick={() => setIsNew(true)}>
            New key
          </Button>
        ) : null}
      </div>
      <KeyList
        of={account.id}
        withEnded={false}
        empty={<p>No key: the program cannot sign in, unless a certificate stands for it.</p>}
      />
      {isNew ? (
        <Dialog title={`New API key of ${account.name}`} onClose={() => setIsNew(false)}>
          <KeyForm
            make={(limits) => client.createApiKey({ body: { serviceAccountId: account.id, ...limits } })}
            onMade={() => void queries.invalidateQueries({ queryKey: ['api-keys'] })}
            onDone={() => setIsNew(false)}
          />
        </Dialog>
      ) : null}
    </section>
  );
}
