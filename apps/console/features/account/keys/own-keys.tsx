'use client';
import type { ApiKeyView } from '@quantumvault/api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Code } from '../../../design/code.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Failure } from '../../../design/failure.tsx';
import layout from '../../../design/layout.module.css';
import { Notice } from '../../../design/notice.tsx';
import { Skeleton } from '../../../design/skeleton.tsx';
import { Term } from '../../../design/term.tsx';
import { useSession } from '../../../session/session.tsx';
import { NewKey } from './new-key.tsx';
import { OwnKey } from './own-key.tsx';

/** A key that was just made, with its secret; it leaves the page when its owner has it. */
export interface MadeKey {
  readonly key: ApiKeyView;
  readonly secret: string;
}

/** ACC-2: keys with which programs do what their owner may, within limits. */
export function OwnKeys() {
  const { client, may } = useSession();
  const [isAdding, setIsAdding] = useState(false);
  const [hasEnded, setHasEnded] = useState(false);
  const [made, setMade] = useState<MadeKey | null>(null);
  const keys = useInfiniteQuery({
    queryKey: ['account', 'keys', hasEnded],
    queryFn: ({ pageParam }) =>
      client.listOwnApiKeys({ query: { limit: 50, cursor: pageParam, includeEnded: hasEnded ? 'true' : 'false' } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const items = keys.data?.pages.flatMap((page) => page.items) ?? [];
  const addButton = may('api-key.create-own') ? (
    <div>
      <Button kind="primary" aria-expanded={isAdding} onClick={() => setIsAdding(!isAdding)}>
        New API key
      </Button>
    </div>
  ) : null;
  return (
    <section className={layout.section} aria-label="API keys">
      <h2>
        <Term concept="api-key">Your API keys</Term>
      </h2>
      <p className={layout.muted}>
        Whoever has a key is you, within its limits. Give each program one of its own, as narrow as it can be.
      </p>
      {made === null ? null : <Secret made={made} onDone={() => setMade(null)} />}
      {items.length === 0 && !isAdding ? null : addButton}
      {isAdding ? (
        <NewKey
          onMade={(key) => {
            setMade(key);
            setIsAdding(false);
          }}
          onCancel={() => setIsAdding(false)}
        />
      ) : null}
      {keys.isPending ? <Skeleton label="Reading your API keys" /> : null}
      {keys.error === null ? null : <Failure error={keys.error} doing="Reading your API keys" />}
      {keys.isSuccess && items.length === 0 && !isAdding ? (
        <EmptyState icon="key" title="You have no API key" action={addButton}>
          Programs that act for you, such as a script in a pipeline, sign in with one.
        </EmptyState>
      ) : null}
      <ul className={layout.rows} aria-label="API keys">
        {items.map((key) => (
          <OwnKey key={key.id} value={key} onMade={setMade} />
        ))}
      </ul>
      <div className={layout.form}>
        {keys.hasNextPage ? (
          <Button isBusy={keys.isFetchingNextPage} onClick={() => void keys.fetchNextPage()}>
            Older keys
          </Button>
        ) : null}
        <Button kind="quiet" aria-pressed={hasEnded} onClick={() => setHasEnded(!hasEnded)}>
          Show keys that have ended
        </Button>
      </div>
    </section>
  );
}

function Secret({ made, onDone }: { readonly made: MadeKey; readonly onDone: () => void }) {
  return (
    <Notice kind="success" title={`Put the key ${made.key.name} where its program finds it. It is shown this once.`}>
      <Code label="secret of the key" value={made.secret} />
      <p>It goes into the header X-API-Key, or into QV_API_KEY for qv. Never into a repository.</p>
      <div>
        <Button onClick={onDone}>I have it</Button>
      </div>
    </Notice>
  );
}
