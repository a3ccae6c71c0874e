'use client';
import type { ApprovalPolicyView } from '@quantumvault/api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../../design/button.tsx';
import { Failure } from '../../../design/failure.tsx';
import layout from '../../../design/layout.module.css';
import { Skeleton } from '../../../design/skeleton.tsx';
import { Term } from '../../../design/term.tsx';
import { useSession } from '../../../session/session.tsx';
import styles from '../settings.module.css';
import { ApprovalPolicyForm } from './approval-policy-form.tsx';
import { demandText } from './demand-text.ts';

export interface Operation {
  readonly operation: ApprovalPolicyView['operation'];
  readonly sentence: string;
  readonly policy: ApprovalPolicyView | null;
}

/** ACC-9: what needs a second person, and how many of them. */
export function ApprovalPolicies() {
  const { client, may } = useSession();
  const [open, setOpen] = useState<string | null>(null);
  const policies = useQuery({
    queryKey: ['settings', 'approval-policies'],
    queryFn: () => client.listApprovalPolicies(),
  });
  return (
    <section className={layout.section} aria-label="Approval policies">
      <h2>
        <Term concept="approval">What needs the approval of others</Term>
      </h2>
      <p className={layout.muted}>
        What is under approval is not done when it is asked for: it waits with its exact plan until enough other people
        have approved that plan.
      </p>
      {policies.isPending ? <Skeleton label="Reading the approval policies" lines={6} /> : null}
      {policies.error === null ? null : <Failure error={policies.error} doing="Reading the approval policies" />}
      <ul className={layout.rows} aria-label="Operations">
        {policies.data?.items.map((item) => (
          <li key={item.operation} className={layout.row}>
            <div className={styles.operation}>
              <strong>{item.sentence}</strong> <code>{item.operation}</code>
              <p className={layout.muted}>{demandText(item.policy)}</p>
            </div>
            {may('approval-policy.update') ? (
              <Button
                aria-expanded={open === item.operation}
                onClick={() => setOpen(open === item.operation ? null : item.operation)}
              >
                {item.policy === null ? 'Put under approval' : 'Change'}
                <span className="hidden-text"> {item.operation}</span>
              </Button>
            ) : null}
            {open === item.operation ? <ApprovalPolicyForm value={item} onDone={() => setOpen(null)} /> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
