'use client';
import Link from 'next/link';
import { useSession } from '../../session/session.tsx';
import styles from './welcome.module.css';

const ways = [
  {
    permission: 'user.invite',
    href: '/people',
    label: 'Invite a colleague',
    about: 'With a role, for as long as it is needed. Whoever you invite chooses a password of his own.',
  },
  {
    permission: 'policy.read',
    href: '/policies',
    label: 'Choose a policy',
    about: 'Which algorithms assets need from now on. It is simulated on what you have before anything changes.',
  },
  {
    permission: 'schedule.create',
    href: '/scans/schedules',
    label: 'Let the scan come back by itself',
    about: 'Every night, for example: what changed since the last time is then said.',
  },
  {
    permission: 'approval-policy.update',
    href: '/settings?part=approvals',
    label: 'Put what is dangerous under approval',
    about: 'Two pairs of eyes for changes of roles, scans inside, and exports of the log.',
  },
] as const;

/** What a new organization does next, as far as the reader may. */
export function NextSteps({ scanId }: { readonly scanId: string }) {
  const { may } = useSession();
  return (
    <ul className={styles.ways}>
      {scanId === '' ? null : (
        <li>
          <Link href={`/scans/scan?id=${encodeURIComponent(scanId)}`} prefetch={false}>
            Look at what was found
          </Link>
          <p>Each asset tells what it speaks, its risk, and why the risk is what it is.</p>
        </li>
      )}
      {ways
        .filter(({ permission }) => may(permission))
        .map(({ href, label, about }) => (
          <li key={href}>
            <Link href={href} prefetch={false}>
              {label}
            </Link>
            <p>{about}</p>
          </li>
        ))}
    </ul>
  );
}
