'use client';
import type { AccessNoticeView } from '@quantumvault/api';
import { useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { ActionFailure } from '../../design/action-failure.tsx';
import { Button } from '../../design/button.tsx';
import layout from '../../design/layout.module.css';
import { Time } from '../../design/time.tsx';
import { useGuardedAction } from '../../design/use-guarded-action.ts';
import { useListing } from '../../design/use-listing.tsx';
import { useSession } from '../../session/session.tsx';

const said: Readonly<Record<AccessNoticeView['kind'], string>> = {
  'break-glass': 'Somebody took a role in an emergency. It waits for a review.',
  'password-reset': 'Your password was reset. If you did not ask for that, tell your administrators.',
  'factors-reset': 'Your second factors were reset. If you did not ask for that, tell your administrators.',
};

/**
 * ACC-8: what the reader must know of the access of others and of the own credentials; unread ones only. Outside the room
 * of access it leads there.
 */
export function Notices({ isElsewhere = false }: { readonly isElsewhere?: boolean }) {
  const { client } = useSession();
  const notices = useListing({
    queryKey: ['access', 'notices'],
    read: (cursor) => client.listAccessNotices({ query: { limit: 50, cursor } }),
    things: 'notices',
  });
  const unread = notices.items.filter(({ readAt }) => readAt === null);
  if (unread.length === 0) return notices.failure;
  return (
    <section className={layout.section} aria-label="Notices">
      <h2>To be known</h2>
      <ul className={layout.rows} aria-label="Notices">
        {unread.map((notice) => (
          <NoticeRow key={notice.id} value={notice} />
        ))}
      </ul>
      {notices.more}
      {isElsewhere && unread.some(({ kind }) => kind === 'break-glass') ? (
        <p>
          <Link href="/access">Look at the emergencies and review them</Link>
        </p>
      ) : null}
    </section>
  );
}

function NoticeRow({ value: notice }: { readonly value: AccessNoticeView }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const action = useGuardedAction();
  return (
    <li className={layout.row}>
      <div className={layout.main}>
        <span>{said[notice.kind]}</span>
        <Time value={notice.createdAt} />
        <ActionFailure error={action.error} doing="Marking it as read" />
      </div>
      <Button
        isBusy={action.isBusy}
        onClick={() =>
          void action.run(
            () => client.readAccessNotice({ params: { id: notice.id } }),
            () => queries.invalidateQueries({ queryKey: ['access', 'notices'] }),
          )
        }
      >
        I know
      </Button>
      {action.prompt}
    </li>
  );
}
