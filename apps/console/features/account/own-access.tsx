'use client';
import Link from 'next/link';
import layout from '../../design/layout.module.css';
import { useSession } from '../../session/session.tsx';
import { Explain } from '../people/explain.tsx';
import { rooms } from '../shell/rooms.ts';

/** ACC-1: what one may, and why; who needs more asks for it, for a time. */
export function OwnAccess() {
  const { state, may } = useSession();
  if (state.status !== 'signed-in') return null;
  const { roles, permissions } = state.who;
  const requests = rooms.find(({ permission }) => permission === 'grant.request');
  return (
    <>
      <section className={layout.section} aria-label="Roles">
        <h2>What you may</h2>
        {roles.length === 0 ? (
          <p>
            You hold no role in the whole organization: you may what every member may, and what a grant on a part gives.
          </p>
        ) : (
          <ul className={layout.rows} aria-label="Your roles">
            {roles.map((role) => (
              <li key={role} className={layout.row}>
                <bdi>{role}</bdi>
              </li>
            ))}
          </ul>
        )}
        <details>
          <summary>All {permissions.length} permissions that you have in the whole organization now</summary>
          <ul>
            {permissions.map((permission) => (
              <li key={permission}>
                <bdi>{permission}</bdi>
              </li>
            ))}
          </ul>
        </details>
        {requests !== undefined && may('grant.request') ? (
          <p>
            You need more for a while? <Link href={requests.path}>Ask for a role for a time</Link>: somebody else
            decides.
          </p>
        ) : null}
      </section>
      <Explain />
    </>
  );
}
