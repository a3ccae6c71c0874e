'use client';
import type { ApprovalView } from '@quantumvault/api';
import { useQuery } from '@tanstack/react-query';
import layout from '../../design/layout.module.css';
import { Term } from '../../design/term.tsx';
import { useSession } from '../../session/session.tsx';

/** Who holds, in the whole organization, a role that the request waits for; for those who may read people and roles. */
export function Approvers({ approval }: { readonly approval: ApprovalView }) {
  const { client, may } = useSession();
  const isOpen = may('user.read') && may('role.read');
  const roles = useQuery({
    queryKey: ['people', 'roles'],
    queryFn: () => client.listRoles({ query: { limit: 200 } }),
    enabled: isOpen,
  });
  const users = useQuery({
    queryKey: ['people', 'active'],
    queryFn: () => client.listUsers({ query: { status: 'active', limit: 200 } }),
    enabled: isOpen,
  });
  if (!isOpen || roles.data === undefined || users.data === undefined) return null;
  const deciding = roles.data.items.filter((role) => role.permissions.includes('approval.decide'));
  return (
    <section className={layout.section} aria-label="Approvers">
      <h2>
        <Term concept="quorum">Who may approve</Term>
      </h2>
      {approval.demands.thresholds.map(({ quorum, approverRole, counted }) => {
        const names = approverRole === null ? deciding.map((role) => role.name) : [approverRole];
        const people = users.data.items.filter(
          (user) => user.id !== approval.requester.id && user.roles.some((role) => names.includes(role)),
        );
        return (
          <div key={`${approverRole ?? 'any'} ${quorum}`}>
            <p>
              {quorum} {quorum === 1 ? 'person' : 'people'} {approverRole === null ? 'who may decide approvals' : ''}
              {approverRole === null ? '' : `of the role ${approverRole}`}; {counted} so far. In the whole organization:
            </p>
            <ul>
              {people.map((user) => (
                <li key={user.id}>
                  <bdi>{user.displayName}</bdi>
                  {user.displayName === user.email ? null : (
                    <>
                      {' '}
                      (<bdi>{user.email}</bdi>)
                    </>
                  )}
                </li>
              ))}
              {people.length === 0 ? <li>nobody but the one who asks: an administrator must give the role.</li> : null}
            </ul>
          </div>
        );
      })}
      {users.data.nextCursor === null ? null : (
        <p className={layout.muted}>Only the first 200 people were looked at.</p>
      )}
    </section>
  );
}
