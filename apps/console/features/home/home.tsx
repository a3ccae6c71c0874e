'use client';
import Link from 'next/link';
import { Page } from '../../design/page.tsx';
import { useSession } from '../../session/session.tsx';
import { roomsOf } from '../shell/rooms.ts';
import styles from './home.module.css';

/** The rooms that the present user may enter, each with what it is for. */
export function Home() {
  const { state, may } = useSession();
  if (state.status !== 'signed-in') return null;
  return (
    <Page title="Home" lead={`You are signed in with these roles: ${state.who.roles.join(', ') || 'none yet'}.`}>
      <ul className={styles.rooms}>
        {roomsOf(may)
          .filter(({ path }) => path !== '/')
          .map(({ path, label, about }) => (
            <li key={path}>
              <Link href={path} prefetch={false}>
                {label}
              </Link>
              <p>{about}</p>
            </li>
          ))}
      </ul>
    </Page>
  );
}
