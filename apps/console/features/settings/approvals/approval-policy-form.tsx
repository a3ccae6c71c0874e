'use client';
import { roles as builtIn, type QuantumVaultClient } from '@quantumvault/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Button } from '../../../design/button.tsx';
import { ChangedMeanwhile } from '../../../design/changed-meanwhile.tsx';
import { Field } from '../../../design/field.tsx';
import layout from '../../../design/layout.module.css';
import { Select } from '../../../design/select.tsx';
import { useStepUp } from '../../../design/step-up.tsx';
import { useSession } from '../../../session/session.tsx';
import styles from '../settings.module.css';
import type { Operation } from './approval-policies.tsx';
import { demandText, durationText } from './demand-text.ts';

/** Somebody else has set the policy since the form was opened. The route knows no If-Match, so the form looks itself. */
class PolicyChangedError extends Error {
  override readonly name = 'PolicyChangedError';
}

const times = [3_600, 14_400, 86_400, 604_800, 2_592_000];

type PolicyBody = Parameters<QuantumVaultClient['setApprovalPolicy']>[0]['body'];

function bodyOf(operation: Operation['operation'], form: FormData): PolicyBody {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  return {
    operation,
    quorum: Number(text('quorum')),
    approverRole: text('role') === '' ? null : text('role'),
    expiresInSeconds: Number(text('seconds')),
    reasonRequired: form.has('reason'),
    signatureRequired: form.has('signature'),
    approverNetworks: text('networks')
      .split(/[\s,]+/)
      .filter(Boolean),
  };
}

/** ACC-9: what is demanded before one operation. The change may itself be under approval: then it waits. */
export function ApprovalPolicyForm({ value, onDone }: { readonly value: Operation; readonly onDone: () => void }) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const { operation, policy } = value;
  const [seenVersion, setSeenVersion] = useState(policy?.version ?? 0);
  const roles = useQuery({
    queryKey: ['people', 'roles'],
    queryFn: () => client.listRoles({ query: { limit: 200 } }),
    enabled: may('role.read'),
  });
  const change = useMutation({
    mutationFn: async (body: PolicyBody | null) => {
      const { items } = await client.listApprovalPolicies();
      const version = items.find((item) => item.operation === operation)?.policy?.version ?? 0;
      if (version !== seenVersion) {
        setSeenVersion(version);
        throw new PolicyChangedError('the policy was set by somebody else');
      }
      if (body === null) await run(() => client.removeApprovalPolicy({ params: { operation } }));
      else await run(() => client.setApprovalPolicy({ body }));
    },
    onSuccess: onDone,
    onSettled: () => queries.invalidateQueries({ queryKey: ['settings', 'approval-policies'] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    change.mutate(bodyOf(operation, new FormData(event.currentTarget)));
  };
  // The policy's own role is a choice before the roles are read: else the form would begin at "whoever", and save it.
  const known = roles.data?.items.map(({ name }) => name) ?? builtIn;
  const own = policy?.approverRole ?? null;
  const names: readonly string[] = [...new Set(own === null ? known : [...known, own])];
  const seconds = policy?.expiresInSeconds ?? 86_400;
  return (
    <form className={styles.demands} onSubmit={submit} aria-label={`Approval of ${operation}`}>
      <div className={layout.form}>
        <Field
          label="Different people who must approve"
          name="quorum"
          type="number"
          min={1}
          max={20}
          defaultValue={policy?.quorum ?? 1}
          required
        />
        <Select
          label="Who may approve"
          name="role"
          defaultValue={own ?? ''}
          options={[['', 'whoever may decide approvals'], ...names.map((name) => [name, name] as const)]}
        />
        <Select
          label="Within"
          name="seconds"
          defaultValue={String(seconds)}
          options={[...new Set([...times, seconds])]
            .toSorted((a, b) => a - b)
            .map((one) => [String(one), durationText(one)] as const)}
        />
      </div>
      <Field
        label="From these networks only"
        hint="Networks with commas between, such as 10.0.0.0/8; empty: from everywhere"
        name="networks"
        defaultValue={policy?.approverNetworks.join(', ') ?? ''}
        maxLength={2500}
      />
      <label className={styles.check}>
        <input type="checkbox" name="reason" defaultChecked={policy?.reasonRequired ?? true} />
        Approvers say why, and who asks says what for
      </label>
      <label className={styles.check}>
        <input type="checkbox" name="signature" defaultChecked={policy?.signatureRequired ?? false} />
        Each approval is signed with the key of who approves
      </label>
      {change.error instanceof PolicyChangedError ? (
        <ChangedMeanwhile>
          <p>{demandText(policy)}</p>
        </ChangedMeanwhile>
      ) : (
        <ActionFailure error={change.error} doing="Changing the policy" />
      )}
      <div className={styles.line}>
        <Button kind="primary" type="submit" isBusy={change.isPending}>
          Save
        </Button>
        {policy === null ? null : (
          <Button kind="danger" isBusy={change.isPending} onClick={() => change.mutate(null)}>
            Free it of approval
          </Button>
        )}
        <Button kind="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
      {prompt}
    </form>
  );
}
