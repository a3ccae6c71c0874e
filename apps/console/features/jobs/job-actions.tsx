'use client';
import type { JobView } from '@quantumvault/api';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Notice } from '../../design/notice.tsx';
import { StepUpDeclinedError, useStepUp } from '../../design/step-up.tsx';
import { useAction } from '../../design/use-action.ts';
import { useSession } from '../../session/session.tsx';
import { hasEnded } from './use-job.ts';

type Step = 'cancel' | 'undo';

/** What can be done about a job now: stop it, or take back the protection that it made. */
export function JobActions({ job }: { readonly job: JobView }) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const action = useAction();
  const [asked, setAsked] = useState<Step | null>(null);
  const [undone, setUndone] = useState<number | null>(null);
  const params = { id: job.id };
  const mayCancel = !hasEnded(job) && !job.cancelRequested && may('job.cancel');
  const mayUndo = job.kind === 'protect-asset' && job.status === 'succeeded' && may('asset.protect');
  const act = (step: Step) => {
    setAsked(step);
    void action.run(async () => {
      if (step === 'cancel') await run(() => client.cancelJob({ params }));
      else setUndone((await run(() => client.undoJob({ params }))).riskScore);
      await queries.invalidateQueries({ queryKey: ['jobs'] });
      await queries.invalidateQueries({ queryKey: ['assets'] });
    });
  };
  if (!mayCancel && !mayUndo && action.error === null) return null;
  return (
    <div className={layout.section}>
      {action.error === null || action.error instanceof StepUpDeclinedError ? null : (
        <Failure error={action.error} doing={asked === 'undo' ? 'Undoing' : 'Cancelling'} />
      )}
      {undone === null ? null : (
        <Notice kind="success" title="The protection is taken back.">
          <p>The asset is as it was before; its risk is {Math.round(undone)} again. The keys are kept.</p>
        </Notice>
      )}
      <div className={layout.form}>
        {mayCancel ? (
          <Button isBusy={action.isBusy} onClick={() => act('cancel')}>
            Cancel the job
          </Button>
        ) : null}
        {mayUndo && undone === null ? (
          <Button isBusy={action.isBusy} onClick={() => act('undo')}>
            Undo this protection
          </Button>
        ) : null}
      </div>
      {prompt}
    </div>
  );
}
