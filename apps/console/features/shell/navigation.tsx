'use client';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { Icon } from '../../design/icon.tsx';
import { useSession } from '../../session/session.tsx';
import styles from './navigation.module.css';
import { roomOf, roomsOf } from './rooms.ts';

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
                <Link
                  href={room.path}
                  prefetch={false}
                  aria-current={here?.path === room.path ? 'page' : undefined}
                  onClick={() => onChosen?.()}
                >
                  <Icon name={room.icon} />
                  {room.label}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
