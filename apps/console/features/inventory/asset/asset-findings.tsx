'use client';
import type { AssetFindingView } from '@quantumvault/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Badge } from '../../../design/badge.tsx';
import { Button } from '../../../design/button.tsx';
import { Failure } from '../../../design/failure.tsx';
import { Field } from '../../../design/field.tsx';
import layout from '../../../design/layout.module.css';
import { useStepUp } from '../../../design/step-up.tsx';
import { Term } from '../../../design/term.tsx';
import { Time } from '../../../design/time.tsx';
import { useSession } from '../../../session/session.tsx';
import styles from '../inventory.module.css';
import { severityKinds } from '../words.ts';

const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
const rank = ({ severity, state }: AssetFindingView): number =>
  severities.indexOf(severity) + (state === 'open' ? severities.length : 0);

/** INV-5: what scans found at the asset, exactly what was seen, what to do about it, and what was decided. */
export function AssetFindings({ assetId }: { readonly assetId: string }) {
  const { client } = useSession();
  const findings = useQuery({
    queryKey: ['inventory', 'findings', assetId],
    queryFn: () => client.listFindings({ query: { assetId, limit: 200 } }),
  });
  if (findings.error !== null) return <Failure error={findings.error} doing="Reading the findings" />;
  if (findings.data === undefined || findings.data.items.length === 0) return null;
  const worstFirst = findings.data.items.toSorted((one, other) => rank(other) - rank(one));
  const here = worstFirst.filter(({ state }) => state !== 'gone');
  const gone = worstFirst.filter(({ state }) => state === 'gone');
  return (
    <section className={layout.section} aria-label="Findings">
      <h2>
        <Term concept="finding">What scans found</Term>
      </h2>
      {here.length === 0 ? <p>Nothing that scans have found is there any more.</p> : null}
      <Findings label="Findings" items={here} />
      {gone.length === 0 ? null : (
        <details>
          <summary>What is gone since ({gone.length})</summary>
          <Findings label="Gone findings" items={gone} />
        </details>
      )}
      {findings.data.nextCursor === null ? null : <p className={layout.muted}>Only the newest 200 are shown.</p>}
    </section>
  );
}

function Findings({ label, items }: { readonly label: string; readonly items: readonly AssetFindingView[] }) {
  return (
    <ul className={layout.rows} aria-label={label}>
      {items.map((finding) => (
        <li key={finding.id} className={styles.finding}>
          <Finding value={finding} />
        </li>
      ))}
    </ul>
  );
}

function Finding({ value: finding }: { readonly value: AssetFindingView }) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const [isAsking, setIsAsking] = useState(false);
  const decide = useMutation({
    mutationFn: (body: { readonly reason: string; readonly days: number } | null) => {
      const params = { id: finding.id };
      return run(() => (body === null ? client.unacceptFinding({ params }) : client.acceptFinding({ params, body })));
    },
    onSuccess: () => setIsAsking(false),
    onSettled: () => queries.invalidateQueries({ queryKey: ['inventory', 'findings'] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    decide.mutate({ reason: String(form.get('reason') ?? '').trim(), days: Number(form.get('days')) });
  };
  const { state, acceptance } = finding;
  return (
    <>
      <p>
        <Badge kind={state === 'open' ? severityKinds[finding.severity] : 'plain'}>{finding.severity}</Badge>{' '}
        <strong>
          <bdi>{finding.message}</bdi>
        </strong>{' '}
        {state === 'open' ? null : <Badge>{state}</Badge>}
      </p>
      {finding.evidence === null ? null : (
        <p className={layout.muted}>
          Seen: <bdi>{finding.evidence}</bdi>, last <Time value={finding.lastSeenAt} />
        </p>
      )}
      <p>
        <bdi>{finding.remedy}</bdi>
      </p>
      {acceptance === null || state !== 'accepted' ? null : (
        <p className={layout.muted}>
          Accepted until <Time value={acceptance.until} />: <bdi>{acceptance.reason}</bdi>
        </p>
      )}
      <ActionFailure error={decide.error} doing="The decision" />
      {may('finding.accept') && state !== 'gone' ? (
        <div>
          {state === 'accepted' ? (
            <Button isBusy={decide.isPending} onClick={() => decide.mutate(null)}>
              Take the acceptance back<span className="hidden-text">: {finding.rule}</span>
            </Button>
          ) : (
            <Button kind="quiet" aria-expanded={isAsking} onClick={() => setIsAsking(!isAsking)}>
              Accept for a time<span className="hidden-text">: {finding.rule}</span>
            </Button>
          )}
        </div>
      ) : null}
      {isAsking ? (
        <form className={layout.form} onSubmit={submit} aria-label={`Accept ${finding.rule}`}>
          <Field label="Why it is accepted" name="reason" required maxLength={1000} />
          <Field label="For days" name="days" type="number" min={1} max={366} defaultValue={90} required />
          <Button kind="primary" type="submit" isBusy={decide.isPending}>
            Accept
          </Button>
        </form>
      ) : null}
      {prompt}
    </>
  );
}
