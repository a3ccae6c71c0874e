'use client';
import type { OffboardingView, UserView } from '@quantumvault/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import { Field } from '../../design/field.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { StepUpDeclinedError, useStepUp } from '../../design/step-up.tsx';
import { Term } from '../../design/term.tsx';
import { Time } from '../../design/time.tsx';
import { useSession } from '../../session/session.tsx';

type Step = 'suspend' | 'resume' | 'offboard' | 'report';

/** ACC-12: suspends, lets in again and off-boards; what somebody who left has seen is listed, to be rotated. */
export function Leaving({ user }: { readonly user: UserView }) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const [reason, setReason] = useState('');
  const [isSure, setIsSure] = useState(false);
  const act = useMutation({
    mutationFn: async (step: Step): Promise<OffboardingView | null> => {
      const params = { id: user.id };
      const call = { params, body: reason.trim() === '' ? {} : { reason: reason.trim() } };
      if (step === 'report') return run(() => client.getOffboarding({ params }));
      if (step === 'offboard') return run(() => client.offboardUser(call));
      await run(() => (step === 'suspend' ? client.suspendUser(call) : client.resumeUser(call)));
      return null;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['people'] }),
  });
  const maySuspend = may('user.suspend') && (user.status === 'active' || user.status === 'suspended');
  if (!maySuspend && !may('user.offboard')) return null;
  const isGone = user.status === 'offboarded';
  return (
    <section className={layout.section} aria-label="Leaving">
      <h2>
        <Term concept="offboarding">Suspend and off-board</Term>
      </h2>
      {isGone ? null : (
        <Field
          label="Reason (kept encrypted)"
          value={reason}
          maxLength={500}
          onChange={({ target }) => setReason(target.value)}
        />
      )}
      {act.error === null || act.error instanceof StepUpDeclinedError ? null : (
        <Failure error={act.error} doing="This" />
      )}
      <div className={layout.form}>
        {maySuspend ? (
          <Button isBusy={act.isPending} onClick={() => act.mutate(user.status === 'active' ? 'suspend' : 'resume')}>
            {user.status === 'active' ? 'Suspend' : 'Let in again'}
          </Button>
        ) : null}
        {may('user.offboard') && !isGone && !isSure ? (
          <Button kind="danger" onClick={() => setIsSure(true)}>
            Off-board…
          </Button>
        ) : null}
        {may('user.offboard') && !isGone && isSure ? (
          <>
            <Button kind="danger" isBusy={act.isPending} onClick={() => act.mutate('offboard')}>
              Revoke everything now, for good
            </Button>
            <Button kind="quiet" onClick={() => setIsSure(false)}>
              Keep
            </Button>
          </>
        ) : null}
        {may('user.offboard') && isGone ? (
          <Button isBusy={act.isPending} onClick={() => act.mutate('report')}>
            What must be rotated?
          </Button>
        ) : null}
      </div>
      {act.data == null ? null : <Report report={act.data} />}
      {prompt}
    </section>
  );
}

function Report({ report }: { readonly report: OffboardingView }) {
  const { revoked, rotate, notKnown } = report;
  return (
    <Notice
      kind={rotate.length === 0 ? 'success' : 'warning'}
      title="Off-boarded: nothing of this person works any more."
    >
      <p>
        Revoked: {revoked.sessions} sessions, {revoked.apiKeys} API keys, {revoked.grants} grants, {revoked.approvals}{' '}
        approvals, {revoked.invitations} invitations, {revoked.factors} factors.
      </p>
      <h3>To rotate, because this person has seen it</h3>
      <ul aria-label="To rotate">
        {rotate.map((seen) => (
          <li key={`${seen.kind} ${seen.resourceId}`}>
            {seen.kind} of <bdi>{seen.name ?? seen.resourceId}</bdi>, last seen <Time value={seen.lastSeenAt} />:{' '}
            {seen.advice}
          </li>
        ))}
        {rotate.length === 0 ? <li>No record of a credential that was shown to this person.</li> : null}
      </ul>
      {report.isTruncated ? <p>More was seen than this report holds: look into the audit log too.</p> : null}
      {report.serviceAccounts.length === 0 ? null : (
        <p>Service accounts that nobody owns now: {report.serviceAccounts.join(', ')}</p>
      )}
      <h3>What no record can tell</h3>
      <ul>
        {notKnown.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Notice>
  );
}
