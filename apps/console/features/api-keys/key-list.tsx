'use client';
import type { ReactNode } from 'react';
import layout from '../../design/layout.module.css';
import { Skeleton } from '../../design/skeleton.tsx';
import { useListing } from '../../design/use-listing.tsx';
import { useSession } from '../../session/session.tsx';
import { KeyRow } from './key-row.tsx';

/** The keys of one owner or of all, newest first. */
export function KeyList({
  of,
  withEnded,
  empty,
}: {
  /** `me`, the id of an owner, or `all` of the organization. */
  readonly of: string;
  readonly withEnded: boolean;
  readonly empty: ReactNode;
}) {
  const { client, may } = useSession();
  const includeEnded = withEnded ? 'true' : 'false';
  const keys = useListing({
    queryKey: ['api-keys', of, includeEnded],
    read: (cursor) =>
      of === 'me'
        ? client.listOwnApiKeys({ query: { limit: 50, cursor, includeEnded } })
        : client.listApiKeys({ query: { limit: 50, cursor, includeEnded, ...(of === 'all' ? {} : { ownerId: of }) } }),
    things: 'API keys',
    isEnabled: of === 'me' || may('api-key.read'),
  });
  return (
    <>
      {keys.failure}
      {keys.isWaiting ? <Skeleton label="Reading the API keys" /> : null}
      {keys.isEmpty ? empty : null}
      {keys.items.length === 0 ? null : (
        <ul className={layout.rows} aria-label="API keys">
          {keys.items.map((key) => (
            <KeyRow key={key.id} value={key} />
          ))}
        </ul>
      )}
      {keys.more}
    </>
  );
}
