'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { nowMs } from '../../design/clock.ts';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';
import { endsSoon } from '../api-keys/key-facts.ts';
import { Block } from './block.tsx';
import styles from './home.module.css';

const looked = 200;

/** ACC-2: keys that end within a fortnight: their programs stop with them. */
export function EndsSoon() {
  const { client } = useSession();
  const keys = useQuery({
    queryKey: ['api-keys', 'home'],
    queryFn: () => client.listApiKeys({ query: { limit: looked, includeEnded: 'false' } }),
  });
  const ending = keys.data?.items.filter((key) => endsSoon(key, nowMs())) ?? [];
  return (
    <Block title="Keys that end soon" query={keys}>
      {ending.length === 0 ? <p>No API key ends within a fortnight.</p> : null}
      <ul className={styles.list}>
        {ending.map((key) => (
          <li key={key.id}>
            <bdi>{key.name}</bdi>
            {key.expiresAt === null ? null : <Time value={key.expiresAt} />}
          </li>
        ))}
      </ul>
      {keys.data?.nextCursor == null ? null : <p>Only the newest {looked} keys were looked at.</p>}
      <Link href="/api-keys">All API keys</Link>
    </Block>
  );
}
