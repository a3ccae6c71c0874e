'use client';
import type { QuantumVaultClient, TlsScanPreview } from '@quantumvault/api';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { Failure } from '../../design/failure.tsx';
import { Page } from '../../design/page.tsx';
import { StepUpDeclinedError, useStepUp } from '../../design/step-up.tsx';
import { Steps } from '../../design/steps.tsx';
import { useAction } from '../../design/use-action.ts';
import { useSession } from '../../session/session.tsx';
import { HowStep } from './how-step.tsx';
import { ReviewStep } from './review-step.tsx';
import { portsOf, targetLines } from './scan-words.ts';
import { WhatStep } from './what-step.tsx';

type Order = Parameters<QuantumVaultClient['discoverTls']>[0]['body'];

/** What the wizard asks for, as it is typed. */
export interface ScanDraft {
  readonly text: string;
  readonly ports: string;
  readonly profile: NonNullable<Order['profile']>;
  readonly environmentId: string;
  readonly sensitivity: NonNullable<Order['sensitivity']>;
  readonly exposure: NonNullable<Order['exposure']>;
  readonly dataLifetimeYears: string;
  readonly name: string;
  /** Names lead into the own network; where such scans are under approval, it is asked for. */
  readonly internal: boolean;
}

const emptyDraft: ScanDraft = {
  text: '',
  ports: '443',
  profile: 'full',
  environmentId: '',
  sensitivity: 'internal',
  exposure: 'internal',
  dataLifetimeYears: '5',
  name: '',
  internal: false,
};

const steps = ['What', 'How', 'Review'] as const;
export type StepProps = {
  readonly draft: ScanDraft;
  readonly change: (part: Partial<ScanDraft>) => void;
  readonly isBusy: boolean;
};

/** Three steps to a scan: what, how, and what will happen. Nothing is sent to a target before the last button. */
export function ScanWizard() {
  const { client, may } = useSession();
  const router = useRouter();
  const given = useSearchParams().get('targets');
  const [draft, setDraft] = useState<ScanDraft>(() => ({ ...emptyDraft, text: given ?? '' }));
  const [step, setStep] = useState(0);
  const [preview, setPreview] = useState<TlsScanPreview | null>(null);
  const { run, prompt } = useStepUp();
  const action = useAction();
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(0);
  useEffect(() => {
    // The next step takes the place of the button that was pressed: the focus goes on with it.
    if (shown.current !== step) heading.current?.focus();
    shown.current = step;
  }, [step]);
  if (!may('asset.scan')) return null;

  const change = (part: Partial<ScanDraft>) => setDraft((before) => ({ ...before, ...part }));
  const look = () =>
    action.run(async () => {
      const found = await client.previewTlsScan({
        body: {
          targets: [...targetLines(draft.text)],
          ports: [...(portsOf(draft.ports) ?? [])],
          profile: draft.profile,
          internal: draft.internal,
          ...(draft.environmentId === '' ? {} : { environmentId: draft.environmentId }),
        },
      });
      setPreview(found);
    });
  const start = () =>
    void action.run(async () => {
      if (preview === null) return;
      const job = await run(() => client.discoverTls({ body: orderOf(draft, preview) }));
      router.push(`/scans/scan?id=${job.id}`);
    });
  const shared = { draft, change, isBusy: action.isBusy };
  return (
    <Page
      back={{ href: '/scans', label: 'All scans' }}
      title="New scan"
      lead="Nothing is sent to anybody before the last step."
    >
      <Steps names={steps} current={step} />
      <h2 ref={heading} tabIndex={-1}>
        {['What is to be scanned?', 'How closely, and what is behind it?', 'What will happen'][step]}
      </h2>
      {action.error === null || action.error instanceof StepUpDeclinedError ? null : (
        <Failure error={action.error} doing={step === 2 ? 'Starting the scan' : 'Looking at the targets'} />
      )}
      {step === 0 ? (
        <WhatStep
          {...shared}
          preview={preview}
          onNext={async () => {
            if (await look()) setStep(1);
          }}
        />
      ) : null}
      {step === 1 ? (
        <HowStep
          {...shared}
          onBack={() => setStep(0)}
          onNext={async () => {
            if (await look()) setStep(2);
          }}
        />
      ) : null}
      {step === 2 && preview !== null ? (
        <ReviewStep {...shared} preview={preview} onBack={() => setStep(1)} onStart={start} />
      ) : null}
      {prompt}
    </Page>
  );
}

export function orderOf(draft: ScanDraft, preview: TlsScanPreview): Order {
  const name = draft.name.trim();
  return {
    targets: preview.targets,
    profile: draft.profile,
    sensitivity: draft.sensitivity,
    exposure: draft.exposure,
    dataLifetimeYears: Number(draft.dataLifetimeYears),
    ...(draft.internal ? { internal: true } : {}),
    ...(draft.environmentId === '' ? {} : { environmentId: draft.environmentId }),
    ...(name === '' ? {} : { name }),
  };
}
