'use client';
import type { PolicyView } from '@quantumvault/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Button } from '../../design/button.tsx';
import { DetailList } from '../../design/detail-list.tsx';
import { Failure } from '../../design/failure.tsx';
import layout from '../../design/layout.module.css';
import { Page } from '../../design/page.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import { StepUpDeclinedError, useStepUp } from '../../design/step-up.tsx';
import { Time } from '../../design/time.tsx';
import { useAction } from '../../design/use-action.ts';
import { useSession } from '../../session/session.tsx';
import { typeWords } from '../inventory/words.ts';
import { modeWords } from './choices.ts';
import { PolicyForm } from './policy-form.tsx';
import { Simulation } from './simulation.tsx';

/** INV-8: one policy, what it would change, and its next version. */
export function PolicyPage() {
  const { client, may } = useSession();
  const id = useSearchParams().get('id') ?? '';
  const [isChanging, setIsChanging] = useState(false);
  const policy = useQuery({
    queryKey: ['policies', 'one', id],
    queryFn: () => client.getPolicy({ params: { id } }),
    enabled: may('policy.read') && id !== '',
  });
  if (!may('policy.read')) return null;
  const { data } = policy;
  return (
    <Page
      back={{ href: '/policies', label: 'All policies' }}
      title={data === undefined ? 'Policy' : <bdi>{data.name}</bdi>}
      lead={data === undefined ? undefined : modeWords[data.spec.mode].about}
      actions={
        data === undefined || isChanging ? undefined : (
          <>
            {may('policy.update') ? <Button onClick={() => setIsChanging(true)}>Change</Button> : null}
            {may('policy.delete') && !data.builtIn ? <Delete policy={data} /> : null}
          </>
        )
      }
    >
      {policy.error === null ? null : <Failure error={policy.error} doing="Reading the policy" />}
      {policy.isPending && id !== '' ? <Skeleton label="Reading the policy" /> : null}
      {data === undefined ? null : isChanging ? (
        <PolicyForm policy={data} onSaved={() => setIsChanging(false)} onCancel={() => setIsChanging(false)} />
      ) : (
        <>
          <Details policy={data} />
          <Simulation key={`${data.id} ${data.version}`} name={data.name} spec={data.spec} policyId={data.id} />
        </>
      )}
    </Page>
  );
}

function Details({ policy }: { readonly policy: PolicyView }) {
  const { spec } = policy;
  return (
    <section className={layout.section} aria-label="Details">
      <DetailList
        items={[
          ['Mode', modeWords[spec.mode].title],
          ['Key establishment', spec.kem.join(', ')],
          ['Signatures', spec.signature.join(', ')],
          ['Ciphers', spec.aead.join(', ')],
          ['Category', spec.targetLevel === 0 ? 'none in classical mode' : `NIST ${spec.targetLevel} at least`],
          ['Keys are replaced', `after ${spec.rotationDays} days`],
          [
            'For',
            spec.assetTypes.length === 0
              ? 'every type of asset'
              : spec.assetTypes.map((type) => typeWords[type]).join(', '),
          ],
          ['Deadline', spec.deadline ?? 'none'],
          [
            'Version',
            <span key="version">
              {policy.version}
              {policy.builtIn ? ' (built in)' : ''}, <Time value={policy.updatedAt} />
            </span>,
          ],
        ]}
      />
    </section>
  );
}

function Delete({ policy }: { readonly policy: PolicyView }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const router = useRouter();
  const { run, prompt } = useStepUp();
  const action = useAction();
  const [isSure, setIsSure] = useState(false);
  const remove = () =>
    void action.run(async () => {
      await run(() => client.deletePolicy({ params: { id: policy.id } }));
      await queries.invalidateQueries({ queryKey: ['policies', 'list'] });
      router.push('/policies');
    });
  return (
    <>
      {isSure ? (
        <>
          <Button kind="danger" isBusy={action.isBusy} onClick={remove}>
            Delete it for good
          </Button>
          <Button kind="quiet" onClick={() => setIsSure(false)}>
            Keep
          </Button>
        </>
      ) : (
        <Button kind="danger" onClick={() => setIsSure(true)}>
          Delete…
        </Button>
      )}
      {action.error === null || action.error instanceof StepUpDeclinedError ? null : (
        <Failure error={action.error} doing="Deleting the policy" />
      )}
      {prompt}
    </>
  );
}
