'use client';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '../../design/button.tsx';
import { EmptyState } from '../../design/empty-state.tsx';
import { Page } from '../../design/page.tsx';
import { useSession } from '../../session/session.tsx';
import { KeyList } from './key-list.tsx';

/** ACC-2: every API key of the organization, whoever it belongs to. */
export function ApiKeysRoom() {
  const { may } = useSession();
  const [withEnded, setWithEnded] = useState(false);
  if (!may('api-key.read')) return null;
  return (
    <Page
      title="API keys"
      lead="Every key by which a program acts in this organization. A key is made where its owner is: for oneself under the own account, for a program at its service account."
      actions={
        <Button aria-pressed={withEnded} onClick={() => setWithEnded(!withEnded)}>
          Show ended keys too
        </Button>
      }
    >
      <KeyList
        of="all"
        withEnded={withEnded}
        empty={
          <EmptyState
            icon="key"
            title="No program acts by a key."
            action={may('service-account.read') ? <Link href="/machines">To the service accounts</Link> : null}
          >
            A program gets a service account, the account gets the rights that it needs, and a key of the account proves
            who it is.
          </EmptyState>
        }
      />
    </Page>
  );
}
