'use client';
import type { ApiKeyView } from '@quantumvault/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Button } from '../../../design/button.tsx';
import layout from '../../../design/layout.module.css';
import { Select } from '../../../design/select.tsx';
import { useStepUp } from '../../../design/step-up.tsx';
import { Time } from '../../../design/time.tsx';
import { useSession } from '../../../session/session.tsx';
import styles from '../account.module.css';
import { overlaps } from './key-limits.ts';
import type { MadeKey } from './own-keys.tsx';

/** One key with its limits; it can be replaced, with a time in which both work, and revoked. */
export function OwnKey({
  value: key,
  onMade,
}: {
  readonly value: ApiKeyView;
  readonly onMade: (made: MadeKey) => void;
}) {
  const { client } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const [isReplacing, setIsReplacing] = useState(false);
  const [overlapHours, setOverlapHours] = useState('24');
  const params = { id: key.id };
  const onSettled = () => queries.invalidateQueries({ queryKey: ['account', 'keys'] });
  const replace = useMutation({
    mutationFn: () => run(() => client.rotateOwnApiKey({ params, body: { overlapHours: Number(overlapHours) } })),
    gcTime: 0,
    onSuccess: (made) => {
      setIsReplacing(false);
      onMade(made);
      replace.reset();
    },
    onSettled,
  });
  const revoke = useMutation({ mutationFn: () => run(() => client.revokeOwnApiKey({ params })), onSettled });
  const isUsable = key.state === 'active' || key.state === 'replaced';
  return (
    <li className={layout.row}>
      <KeyFacts value={key} />
      <div className={styles.buttons}>
        {key.state === 'active' ? (
          <Button kind="quiet" aria-expanded={isReplacing} onClick={() => setIsReplacing(!isReplacing)}>
            Replace
            <span className="hidden-text"> {key.name}</span>
          </Button>
        ) : null}
        {isUsable ? (
          <Button kind="danger" isBusy={revoke.isPending} onClick={() => revoke.mutate()}>
            Revoke
            <span className="hidden-text"> {key.name}</span>
          </Button>
        ) : null}
      </div>
      {isReplacing ? (
        <div className={layout.form}>
          <Select
            label="The old key stays good for"
            options={overlaps}
            value={overlapHours}
            onChange={({ target }) => setOverlapHours(target.value)}
          />
          <Button kind="primary" isBusy={replace.isPending} onClick={() => replace.mutate()}>
            Make the new key
          </Button>
        </div>
      ) : null}
      <ActionFailure error={replace.error} doing="Replacing the key" />
      <ActionFailure error={revoke.error} doing="Revoking the key" />
      {prompt}
    </li>
  );
}

function KeyFacts({ value: key }: { readonly value: ApiKeyView }) {
  const place = key.serviceId ?? key.projectId ?? key.environmentId;
  return (
    <div className={styles.facts}>
      <span>
        <strong>
          <bdi>{key.name}</bdi>
        </strong>{' '}
        <code>{key.prefix}…</code> {key.state === 'active' ? null : key.state}
      </span>
      <span className={layout.muted}>
        {key.permissions === null ? 'All that you may' : key.permissions.join(', ')}
        {place === null ? '' : `; in ${place} alone`}
        {key.allowedNetworks.length === 0 ? '; from everywhere' : `; from ${key.allowedNetworks.join(', ')}`}
      </span>
      <span className={layout.muted}>
        made <Time value={key.createdAt} />,{' '}
        {key.lastUsedAt === null ? (
          'never used'
        ) : (
          <>
            last used <Time value={key.lastUsedAt} />
          </>
        )}
        ,{' '}
        {key.expiresAt === null ? (
          'without an end'
        ) : (
          <>
            ends <Time value={key.expiresAt} />
          </>
        )}
      </span>
    </div>
  );
}
