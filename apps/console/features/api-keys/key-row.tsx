'use client';
import type { ApiKeyView } from '@quantumvault/api';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import { nowMs } from '../../design/clock.ts';
import { ConfirmButton } from '../../design/confirm-button.tsx';
import layout from '../../design/layout.module.css';
import { Time } from '../../design/time.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useSession } from '../../session/session.tsx';
import { placeText } from '../organization/places.ts';
import { usePlaces } from '../organization/use-places.ts';
import { endsSoon, limitsText } from './key-facts.ts';
import { ReplaceKey } from './replace-key.tsx';

/** One key: what it is good for, when it was used, when it ends, and how it is replaced and revoked. */
export function KeyRow({ value: key }: { readonly value: ApiKeyView }) {
  const { client, state, may } = useSession();
  const { places } = usePlaces();
  const queries = useQueryClient();
  const revoking = useGuardedAction();
  const [isReplacing, setIsReplacing] = useState(false);
  const isOwn = state.status === 'signed-in' && state.who.actorId === key.owner.id;
  const works = key.state === 'active' || key.state === 'replaced';
  const mayReplace = key.state === 'active' && (isOwn || (may('api-key.create') && key.owner.kind !== 'user'));
  const mayRevoke = works && (isOwn || may('api-key.revoke'));
  const refresh = () => queries.invalidateQueries({ queryKey: ['api-keys'] });
  const revoke = () => {
    const call = { params: { id: key.id } };
    return revoking.run(() => (isOwn ? client.revokeOwnApiKey(call) : client.revokeApiKey(call)), refresh);
  };
  return (
    <li className={layout.row}>
      <div className={layout.main}>
        <strong>
          <bdi>{key.name}</bdi>
        </strong>
        <span>
          <code>{key.prefix}…</code> of <bdi>{isOwn ? 'you' : key.owner.name}</bdi>{' '}
          <span className={layout.muted}>({key.owner.kind})</span>
        </span>
        <span className={layout.muted}>{limitsText(key, placeText(key, places))}</span>
        {key.origin === 'setting' && works ? (
          <span className={layout.warning}>It came from a setting of the server: replace it.</span>
        ) : null}
        <ActionFailure error={revoking.error} doing="Revoking the key" />
      </div>
      <div className={layout.main}>
        <span>
          {key.lastUsedAt === null ? (
            'never used'
          ) : (
            <>
              used <Time value={key.lastUsedAt} />
            </>
          )}
        </span>
        <KeyEnd value={key} />
      </div>
      <div className={layout.buttons}>
        {mayReplace ? (
          <Button onClick={() => setIsReplacing(true)}>
            Replace<span className="hidden-text"> {key.name}</span>
          </Button>
        ) : null}
        {mayRevoke ? (
          <ConfirmButton
            label="Revoke"
            about={key.name}
            sure="Revoke it now, for good"
            isBusy={revoking.isBusy}
            onConfirm={() => void revoke()}
          />
        ) : null}
      </div>
      {revoking.prompt}
      {isReplacing ? (
        <ReplaceKey apiKey={key} isOwn={isOwn} onMade={() => void refresh()} onClose={() => setIsReplacing(false)} />
      ) : null}
    </li>
  );
}

function KeyEnd({ value: key }: { readonly value: ApiKeyView }) {
  if (key.revokedAt !== null) {
    return (
      <span>
        revoked <Time value={key.revokedAt} />
      </span>
    );
  }
  if (key.expiresAt === null) return <span className={layout.warning}>without an end</span>;
  const isSoon = endsSoon(key, nowMs());
  return (
    <span className={isSoon ? layout.warning : undefined}>
      {key.state === 'expired' ? 'ended' : isSoon ? 'ends soon:' : 'ends'} <Time value={key.expiresAt} />
      {key.state === 'replaced' ? ', replaced' : ''}
    </span>
  );
}
