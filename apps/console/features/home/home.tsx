'use client';
import Link from 'next/link';
import { Page } from '../../design/page.tsx';
import { useSession } from '../../session/session.tsx';
import { Notices } from '../access/notices.tsx';
import { roomsOf } from '../shell/rooms.ts';
import { EndsSoon } from './ends-soon.tsx';
import { Health } from './health.tsx';
import styles from './home.module.css';
import { RiskAndReadiness } from './risk-and-readiness.tsx';
import { Waiting } from './waiting.tsx';
import { Work } from './work.tsx';
import { WorstAssets } from './worst-assets.tsx';

/**
 * IFC-5: what needs doing first, cut to what the reader may see and do: so it is another page for each role. Then the rooms,
 * each with what it is for.
 */
export function Home() {
  const { state, may } = useSession();
  if (state.status !== 'signed-in') return null;
  return (
    <Page title="Home" lead={`You are signed in with these roles: ${state.who.roles.join(', ') || 'none yet'}.`}>
      <Notices isElsewhere />
      <div className={styles.blocks}>
        {may('asset.read') ? <RiskAndReadiness /> : null}
        {may('asset.read') ? <WorstAssets /> : null}
        {may('approval.decide') ? <Waiting /> : null}
        {may('job.read') ? <Work /> : null}
        {may('asset.read') ? <EndsSoon /> : null}
        {may('status.read') ? <Health /> : null}
      </div>
      <section aria-label="Rooms of the console" className={styles.block}>
        <h2>Rooms</h2>
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
      </section>
    </Page>
  );
}
