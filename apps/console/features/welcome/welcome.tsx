'use client';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { Button } from '../../design/button.tsx';
import layout from '../../design/layout.module.css';
import { LinkButton } from '../../design/link-button.tsx';
import { Page } from '../../design/page.tsx';
import { Steps } from '../../design/steps.tsx';
import { useSession } from '../../session/session.tsx';
import { SignInWays } from '../account/sign-in/sign-in-ways.tsx';
import { OrganizationName } from '../settings/organization-name.tsx';
import { FirstProof } from './first-proof.tsx';
import { FirstScan } from './first-scan.tsx';
import { NextSteps } from './next-steps.tsx';
import { hrefOfStep, stepOf, welcomeSteps } from './steps.ts';
import styles from './welcome.module.css';

const names = welcomeSteps.map(({ label }) => label);

/** IFC-5: from a fresh installation to something real that is scanned, and a proof of it that this browser has checked. */
export function Welcome() {
  const { may } = useSession();
  const router = useRouter();
  const params = useSearchParams();
  const index = stepOf(params.get('step'));
  const scanId = params.get('scan') ?? '';
  const step = welcomeSteps[index] ?? welcomeSteps[0];
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(index);
  useEffect(() => {
    // The next step takes the place of the button that was pressed: the focus goes on with it.
    if (shown.current !== index) heading.current?.focus();
    shown.current = index;
  }, [index]);
  if (!may('organization.update') || !may('asset.scan')) return null;
  // What is to be done in the step is pressed first.
  const hasOwnButton = step.id === 'proof' || (step.id === 'scan' && scanId === '');
  const go = (to: number, scan = scanId) => router.push(hrefOfStep(to, scan), { scroll: false });
  return (
    <Page title="Set-up" lead="From a fresh installation to a verified proof, in a few minutes. Each step can wait.">
      <Steps names={names} current={index} />
      <div className={styles.title}>
        <h2 ref={heading} tabIndex={-1}>
          {step.title}
        </h2>
        <p className={styles.why}>{step.why}</p>
      </div>
      <div className={styles.step}>
        {step.id === 'account' ? <SignInWays /> : null}
        {step.id === 'name' ? <OrganizationName /> : null}
        {step.id === 'scan' ? <FirstScan scanId={scanId} onScan={(id) => go(index, id)} /> : null}
        {step.id === 'proof' ? <FirstProof scanId={scanId} /> : null}
        {step.id === 'next' ? <NextSteps scanId={scanId} /> : null}
      </div>
      <div className={layout.buttons}>
        {index === 0 ? null : <Button onClick={() => go(index - 1)}>Back</Button>}
        {step.id === 'next' ? (
          <LinkButton kind="primary" href="/">
            To the home page
          </LinkButton>
        ) : (
          <Button kind={hasOwnButton ? 'plain' : 'primary'} onClick={() => go(index + 1)}>
            Next: {welcomeSteps[index + 1]?.label}
          </Button>
        )}
      </div>
    </Page>
  );
}
