'use client';
import Link from 'next/link';
import { useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import { StepUpDeclinedError, useStepUp } from '../../design/step-up.tsx';
import { useAction } from '../../design/use-action.ts';
import { useSession } from '../../session/session.tsx';

/** INV-9: asks for the protection that was simulated, as a job. */
export function Protect({
  assetId,
  name,
  policyId,
}: {
  readonly assetId: string;
  readonly name: string;
  readonly policyId: string;
}) {
  const { client, may } = useSession();
  const { run, prompt } = useStepUp();
  const action = useAction();
  const [jobId, setJobId] = useState<string | null>(null);
  if (!may('asset.protect')) return null;
  const apply = () =>
    void action.run(async () => {
      const { job } = await run(() => client.applyPolicy({ params: { id: assetId }, body: { policyId } }));
      setJobId(job?.id ?? null);
    });
  return (
    <>
      {jobId === null ? (
        <Button isBusy={action.isBusy} onClick={apply}>
          Protect<span className="hidden-text"> {name}</span>
        </Button>
      ) : (
        <Link href={`/jobs/job?id=${jobId}`} prefetch={false}>
          See the job<span className="hidden-text"> that protects {name}</span>
        </Link>
      )}
      {action.error === null || action.error instanceof StepUpDeclinedError ? null : (
        <Failure error={action.error} doing="Asking for the protection" />
      )}
      {prompt}
    </>
  );
}
