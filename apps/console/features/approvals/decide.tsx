'use client';
import type { ApprovalExecution, ApprovalView } from '@quantumvault/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import { Field } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { StepUpDeclinedError, useStepUp } from '../../design/step-up.tsx';
import { useSession } from '../../session/session.tsx';
import styles from './approvals.module.css';

/** Approves or refuses the plan that is on the page: its hash goes with the decision, so no other plan can be meant. */
export function Decide({
  approval,
  onDecided,
}: {
  readonly approval: ApprovalView;
  /** With what came of carrying it out; null: it waits for others, or was refused. */
  readonly onDecided: (execution: ApprovalExecution | null) => void;
}) {
  const { client } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const [reason, setReason] = useState('');
  const { signatureRequired, reasonRequired } = approval.demands;
  const decide = useMutation({
    mutationFn: (decision: 'approve' | 'refuse') => {
      const text = reason.trim();
      const call = {
        params: { id: approval.id },
        body: { planHash: approval.planHash, ...(text === '' ? {} : { reason: text }) },
      };
      return run(() => (decision === 'approve' ? client.approveApproval(call) : client.rejectApproval(call)));
    },
    onSuccess: ({ execution }) => onDecided(execution),
    onSettled: () => queries.invalidateQueries({ queryKey: ['approvals'] }),
  });
  const isMissingReason = reasonRequired && reason.trim() === '';
  return (
    <section className={styles.form} aria-label="Decision">
      <h2>Your decision</h2>
      {signatureRequired ? (
        <Notice kind="info" title="An approval must be signed with your key.">
          <p>A browser does not have it: approve with qv approvals approve. Refusing works here.</p>
        </Notice>
      ) : null}
      <Field
        label={reasonRequired ? 'Reason' : 'Reason (optional)'}
        value={reason}
        maxLength={1000}
        onChange={({ target }) => setReason(target.value)}
      />
      {decide.error === null || decide.error instanceof StepUpDeclinedError ? null : (
        <Failure error={decide.error} doing="Your decision" />
      )}
      <div className={styles.actions}>
        <Button
          kind="primary"
          isBusy={decide.isPending}
          disabled={isMissingReason || signatureRequired}
          onClick={() => decide.mutate('approve')}
        >
          Approve this plan
        </Button>
        <Button
          kind="danger"
          isBusy={decide.isPending}
          disabled={isMissingReason}
          onClick={() => decide.mutate('refuse')}
        >
          Refuse
        </Button>
      </div>
      {prompt}
    </section>
  );
}
