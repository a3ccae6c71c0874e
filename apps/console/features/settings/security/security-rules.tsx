'use client';
import type { SecuritySettings } from '@quantumvault/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ActionFailure } from '../../../design/action-failure.tsx';
import { Button } from '../../../design/button.tsx';
import { ChangedMeanwhile, isChangedMeanwhile } from '../../../design/changed-meanwhile.tsx';
import { Failure } from '../../../design/failure.tsx';
import { Notice } from '../../../design/notice.tsx';
import { Skeleton } from '../../../design/skeleton.tsx';
import { useStepUp } from '../../../design/step-up.tsx';
import { useSession } from '../../../session/session.tsx';
import styles from '../settings.module.css';
import { changeOf, type SecurityDraft } from './security-draft.ts';
import { type SecurityField, securityFields, securityGroups, textOf, valueIn } from './security-fields.ts';
import { SecurityInput } from './security-input.tsx';

const queryKey = ['settings', 'security'];

interface Difference {
  readonly field: SecurityField;
  readonly before: unknown;
  readonly now: unknown;
}

const differences = (before: SecuritySettings, now: SecuritySettings): readonly Difference[] =>
  securityFields
    .map((field) => ({ field, before: valueIn(before, field.id), now: valueIn(now, field.id) }))
    .filter((one) => JSON.stringify(one.before) !== JSON.stringify(one.now));

/** ACC-11: how the organization wants passwords, second factors, sessions, locks, invitations and keys. */
export function SecurityRules() {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const [draft, setDraft] = useState<SecurityDraft>({});
  const [theirs, setTheirs] = useState<readonly Difference[]>([]);
  const settings = useQuery({ queryKey, queryFn: () => client.getSecuritySettings() });
  const save = useMutation({
    mutationFn: ({ version, ...change }: NonNullable<ReturnType<typeof changeOf>> & { readonly version: number }) =>
      run(() => client.updateSecuritySettings({ body: change }, { ifMatch: `"${version}"` })),
    onSuccess: (saved) => {
      setDraft({});
      setTheirs([]);
      queries.setQueryData(queryKey, saved);
    },
    onError: async (error) => {
      const before = settings.data;
      if (!isChangedMeanwhile(error) || before === undefined) return;
      const now = await client.getSecuritySettings();
      setTheirs(differences(before, now));
      queries.setQueryData(queryKey, now);
    },
  });
  if (settings.data === undefined) {
    return settings.error === null ? (
      <Skeleton label="Reading the security settings" lines={8} />
    ) : (
      <Failure error={settings.error} doing="Reading the security settings" />
    );
  }
  const { version } = settings.data;
  const change = changeOf(draft);
  const count = Object.keys(draft).length;
  const isReadOnly = !may('security.update');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (change !== null && count > 0) save.mutate({ ...change, version });
  };
  return (
    <form onSubmit={submit} aria-label="Security settings" className={styles.demands}>
      {isReadOnly ? <p>You may read these settings; who administers the organization changes them.</p> : null}
      {securityGroups.map(({ title, fields }) => (
        <fieldset key={title} className={styles.group}>
          <legend>{title}</legend>
          {fields.map((field) => (
            <SecurityInput
              key={field.id}
              field={field}
              value={valueIn(settings.data, field.id)}
              draft={draft[field.id]}
              isReadOnly={isReadOnly}
              onChange={(value) => {
                if (save.isSuccess) save.reset();
                setDraft((former) => ({ ...former, [field.id]: value }));
              }}
            />
          ))}
        </fieldset>
      ))}
      {isChangedMeanwhile(save.error) ? (
        <ChangedMeanwhile>
          <ul>
            {theirs.map(({ field, before, now }) => (
              <li key={field.id}>
                {field.label}: {textOf(field, before)}, now {textOf(field, now)}
              </li>
            ))}
          </ul>
        </ChangedMeanwhile>
      ) : (
        <ActionFailure error={save.error} doing="Saving the settings" />
      )}
      {save.isSuccess ? <Notice kind="success" title="Saved. It holds from now on for everybody." /> : null}
      {isReadOnly || count === 0 ? null : (
        <div className={styles.bar}>
          <Button kind="primary" type="submit" isBusy={save.isPending} disabled={change === null}>
            Save the changes ({count})
          </Button>
          <Button
            kind="quiet"
            onClick={() => {
              setDraft({});
              save.reset();
            }}
          >
            Drop them
          </Button>

          {change === null ? (
            <span role="status">A value is not one that can be saved: look at its limits.</span>
          ) : null}
        </div>
      )}
      {prompt}
    </form>
  );
}
