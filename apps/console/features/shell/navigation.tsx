'use client';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { Badge } from '../../design/badge.tsx';
import { Icon } from '../../design/icon.tsx';
import { useSession } from '../../session/session.tsx';
import { useWaiting, waitingNumber } from '../approvals/use-waiting.ts';
import styles from './navigation.module.css';
import { type Room, roomOf, roomsOf } from './rooms.ts';

/** The rooms that the present user may enter, in groups. */
export function Navigation({ onChosen }: { readonly onChosen?: () => void }) {
  const { may } = useSession();
  const here = roomOf(usePathname());
  const groups = Map.groupBy(roomsOf(may), ({ group }) => group);
  return (
    <nav aria-label="Rooms" className={styles.rooms}>
      {[...groups].map(([group, rooms]) => (
        <div key={group} className={styles.group}>
          <p className={styles.name} id={`rooms-${group}`}>
            {group}
          </p>
          <ul aria-labelledby={`rooms-${group}`}>
            {rooms.map((room) => (
              <li key={room.path}>
                {room.path === '/approvals' ? (
                  <ApprovalsLink room={room} isHere={here?.path === room.path} onChosen={onChosen} />
                ) : (
                  <RoomLink room={room} isHere={here?.path === room.path} onChosen={onChosen} />
                )}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

interface RoomLinkProps {
  readonly room: Room;
  readonly isHere: boolean;
  readonly onChosen: (() => void) | undefined;
  /** How many things wait in the room. */
  readonly waiting?: string;
}

function RoomLink({ room, isHere, onChosen, waiting }: RoomLinkProps) {
  return (
    <Link href={room.path} prefetch={false} aria-current={isHere ? 'page' : undefined} onClick={() => onChosen?.()}>
      <Icon name={room.icon} />
      {room.label}
      {waiting === undefined ? null : (
        <span className={styles.count}>
          <Badge kind="info">
            {waiting}
            <span className="hidden-text"> waiting</span>
          </Badge>
        </span>
      )}
    </Link>
  );
}

function ApprovalsLink(props: RoomLinkProps) {
  const waiting = useWaiting();
  if (waiting === null || waiting.count === 0) return <RoomLink {...props} />;
  return <RoomLink {...props} waiting={waitingNumber(waiting)} />;
}
