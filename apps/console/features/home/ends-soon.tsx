'use client';
import { endsSoonCountMax, endsSoonDays, type OverviewView } from '@quantumvault/api';
import Link from 'next/link';
import { Badge } from '../../design/badge.tsx';
import { nowMs } from '../../design/clock.ts';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';
import { useOverview } from '../inventory/use-overview.ts';
import { Block } from './block.tsx';
import styles from './home.module.css';

type Ending = NonNullable<OverviewView['endsSoon']['certificates']>;
interface Kind {
  readonly title: string;
  readonly ending: Ending | null;
  readonly hrefOf?: (id: string) => string;
  /** Where all of them are, for who may go there. */
  readonly all: readonly [href: string, text: string] | null;
}

/** IFC-5: what stops to work by itself: certificates, keys of programs, and access that was given for a time. */
export function EndsSoon() {
  const { may } = useSession();
  const overview = useOverview();
  const soon = overview.data?.endsSoon;
  const kinds: readonly Kind[] = [
    {
      title: 'Certificates',
      ending: soon?.certificates ?? null,
      hrefOf: (id) => `/inventory/asset?id=${id}`,
      all: ['/inventory?finding=certificate-expires-soon', 'Certificates that a scan saw ending'],
    },
    { title: 'API keys', ending: soon?.apiKeys ?? null, all: ['/api-keys', 'All API keys'] },
    {
      title: 'Access',
      ending: soon?.grants ?? null,
      all: may('user.read') ? ['/people', 'People and their access'] : null,
    },
  ];
  const some = kinds.filter(({ ending }) => ending !== null && ending.count > 0);
  return (
    <Block title="Ends soon" query={overview}>
      {some.length === 0 ? <p>Nothing ends within {endsSoonDays} days.</p> : null}
      {some.map((kind) => (
        <EndingKind key={kind.title} kind={kind} />
      ))}
    </Block>
  );
}

function EndingKind({ kind: { title, ending, hrefOf, all } }: { readonly kind: Kind }) {
  if (ending === null) return null;
  const counted = ending.count >= endsSoonCountMax ? `${endsSoonCountMax} or more` : ending.count;
  return (
    <div className={styles.kind}>
      <h3>
        {title} <span>({counted})</span>
      </h3>
      <ul className={styles.list}>
        {ending.next.map(({ id, name, endsAt }) => (
          <li key={id}>
            {hrefOf === undefined ? (
              <bdi>{name}</bdi>
            ) : (
              <Link href={hrefOf(id)} prefetch={false}>
                <bdi>{name}</bdi>
              </Link>
            )}
            <span>
              {Date.parse(endsAt) < nowMs() ? <Badge kind="danger">ended</Badge> : null} <Time value={endsAt} />
            </span>
          </li>
        ))}
      </ul>
      {all !== null && ending.count > ending.next.length ? <Link href={all[0]}>{all[1]}</Link> : null}
    </div>
  );
}
