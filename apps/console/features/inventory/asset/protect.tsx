'use client';
import type { AssetView } from '@quantumvault/api';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Badge } from '../../../design/badge.tsx';
import { Button } from '../../../design/button.tsx';
import { Failure } from '../../../design/failure.tsx';
import layout from '../../../design/layout.module.css';
import { Notice } from '../../../design/notice.tsx';
import { Select } from '../../../design/select.tsx';
import { useStepUp } from '../../../design/step-up.tsx';
import { useSession } from '../../../session/session.tsx';
import { bandKinds } from '../words.ts';
import { FollowedJob } from './followed-job.tsx';

/** INV-8, INV-9: choose a policy, see what it would change, and protect; the work is shown as it goes on. */
export function Protect({ asset }: { readonly asset: AssetView }) {
  const { client } = useSession();
  const { run, prompt } = useStepUp();
  const [policyId, setPolicyId] = useState('');
  const policies = useQuery({
    queryKey: ['policies', 'choice'],
    queryFn: () => client.listPolicies({ query: { limit: 200 } }),
  });
  const simulation = useQuery({
    queryKey: ['inventory', 'simulation', asset.id, asset.version, policyId],
    queryFn: () => client.applyPolicy({ params: { id: asset.id }, body: { policyId, simulate: true } }),
    enabled: policyId !== '',
    retry: false,
  });
  const protect = useMutation({
    mutationFn: () => run(() => client.applyPolicy({ params: { id: asset.id }, body: { policyId } })),
  });
  const fitting = (policies.data?.items ?? []).filter(
    ({ spec }) => spec.assetTypes.length === 0 || spec.assetTypes.includes(asset.type),
  );
  const job = protect.data?.job ?? null;
  return (
    <section className={layout.section} aria-label="Protect">
      <h2>Protect it</h2>
      {policies.error === null ? null : <Failure error={policies.error} doing="Reading the policies" />}
      <Select
        label="Policy"
        value={policyId}
        options={[['', 'choose one'], ...fitting.map(({ id, name }) => [id, name] as const)]}
        onChange={({ target }) => {
          setPolicyId(target.value);
          protect.reset();
        }}
      />
      {simulation.error === null || policyId === '' ? null : (
        <Failure error={simulation.error} doing="Looking what the policy would change" />
      )}
      {simulation.data === undefined || policyId === '' || job !== null ? null : (
        <>
          <Simulation simulation={simulation.data.simulation} />
          <div>
            <Button kind="primary" isBusy={protect.isPending} onClick={() => protect.mutate()}>
              Protect with this policy
            </Button>
          </div>
        </>
      )}
      <ActionFailure error={protect.error} doing="Protecting" />
      {job === null ? null : <FollowedJob id={job.id} />}
      {prompt}
    </section>
  );
}

type Simulated = Awaited<ReturnType<ReturnType<typeof useSession>['client']['applyPolicy']>>['simulation'];

function Simulation({ simulation }: { readonly simulation: Simulated }) {
  const { riskBefore, riskAfter, changes, unchanged, keys } = simulation;
  return (
    <Notice kind="info" title="This is what would change. Nothing was done yet.">
      <ul aria-label="Changes">
        {changes.map(({ role, from, to }) => (
          <li key={`${role} ${to}`}>
            {role}: <bdi>{from ?? 'nothing known'}</bdi> becomes <bdi>{to}</bdi>
          </li>
        ))}
        {unchanged.map(({ role, algorithm }) => (
          <li key={`${role} ${algorithm}`}>
            {role} stays <bdi>{algorithm}</bdi>
          </li>
        ))}
      </ul>
      <p>
        Risk <Badge kind={bandKinds[riskBefore.band]}>{riskBefore.score.toFixed(1)}</Badge> becomes{' '}
        <Badge kind={bandKinds[riskAfter.band]}>{riskAfter.score.toFixed(1)}</Badge>
      </p>
      {keys.length === 0 ? null : <p>Keys to be made: {keys.join(', ')}</p>}
    </Notice>
  );
}
