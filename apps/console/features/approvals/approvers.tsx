'use client';
import type { ApprovalView } from '@quantumvault/api';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Term } from '../../design/term.tsx';
import { useSession } from '../../session/session.tsx';

/** Who could approve the request now, for those who may read people. */
export function Approvers({ approval }: { readonly approval: ApprovalView }) {
  const { client, may } = useSession();
  const isOpen = may('user.read');
  const found = useQuery({
    queryKey: ['approvals', 'approvers', approval.id],
    queryFn: () => client.listApprovers({ params: { id: approval.id } }),
    enabled: isOpen,
  });
  if (found.error !== null) return <Failure error={found.error} doing="Reading who may approve" />;
  if (!isOpen || found.data === undefined) return null;
  return (
    <section className={layout.section} aria-label="Approvers">
      <h2>
        <Term concept="quorum">Who may approve</Term>
      </h2>
      {found.data.thresholds.map(({ quorum, approverRole, approvers, truncated }) => (
        <div key={`${approverRole ?? 'any'} ${quorum}`}>
          <p>
            It takes {quorum} {quorum === 1 ? 'person' : 'people'}{' '}
            {approverRole === null ? 'who may decide approvals' : `of the role ${approverRole}`}. Now these could:
          </p>
          <ul>
            {approvers.map(({ id, name, email }) => (
              <li key={id}>
                <Link href={`/people/person?id=${id}`}>
                  <bdi>{name}</bdi>
                </Link>
                {name === email ? null : (
                  <>
                    {' '}
                    (<bdi>{email}</bdi>)
                  </>
                )}
              </li>
            ))}
            {approvers.length === 0 ? <li>nobody but the one who asks: an administrator must give the role.</li> : null}
          </ul>
          {truncated ? <p className={layout.muted}>And more people, who are not listed here.</p> : null}
        </div>
      ))}
    </section>
  );
}
