'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../design/button.tsx';
import { EmptyState } from '../../design/empty-state.tsx';
import layout from '../../design/layout.module.css';
import { Term } from '../../design/term.tsx';
import { useSession } from '../../session/session.tsx';
import { KeyForm } from '../api-keys/key-form.tsx';
import { KeyList } from '../api-keys/key-list.tsx';

/** ACC-2: keys with which programs do what their owner may, within limits. */
export function OwnKeys() {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const [isAdding, setIsAdding] = useState(false);
  const [withEnded, setWithEnded] = useState(false);
  return (
    <section className={layout.section} aria-label="API keys">
      <div className={layout.head}>
        <h2>
          <Term concept="api-key">Your API keys</Term>
        </h2>
        {may('api-key.create-own') && !isAdding ? (
          <Button kind="primary" onClick={() => setIsAdding(true)}>
            New API key
          </Button>
        ) : null}
      </div>
      <p className={layout.muted}>
        Whoever has a key is you, within its limits. Give each program one of its own, as narrow as it can be.
      </p>
      {isAdding ? (
        <KeyForm
          make={(limits) => client.createOwnApiKey({ body: limits })}
          onMade={() => void queries.invalidateQueries({ queryKey: ['api-keys'] })}
          onDone={() => setIsAdding(false)}
        />
      ) : null}
      <KeyList
        of="me"
        withEnded={withEnded}
        empty={
          <EmptyState icon="key" title="You have no API key">
            Programs that act for you, such as a script in a pipeline, sign in with one.
          </EmptyState>
        }
      />
      <div className={layout.buttons}>
        <Button kind="quiet" aria-pressed={withEnded} onClick={() => setWithEnded(!withEnded)}>
          Show keys that have ended
        </Button>
      </div>
    </section>
  );
}
