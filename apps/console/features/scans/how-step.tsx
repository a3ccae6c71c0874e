'use client';
import { exposureSchema, sensitivitySchema } from '@quantumvault/api';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import { Select } from '../../design/select.tsx';
import { useSession } from '../../session/session.tsx';
import type { StepProps } from './scan-wizard.tsx';
import styles from './scans.module.css';

const profiles = [
  {
    id: 'full',
    title: 'Full',
    about: 'Everything each server speaks: versions, suites, groups, certificates. Some 20 to 60 connections each.',
  },
  {
    id: 'quick',
    title: 'Quick',
    about:
      'What each server picks when everything is offered. One or two connections each; weak spots may stay unseen.',
  },
] as const;

const sensitivities: Readonly<Record<string, string>> = {
  public: 'Public: anybody may read it',
  internal: 'Internal: for the organization',
  confidential: 'Confidential: harm when it leaks',
  restricted: 'Restricted: a few people, serious harm',
  'top-secret': 'Top secret: the worst harm',
};
const exposures: Readonly<Record<string, string>> = {
  internal: 'Internal: from the own network',
  partner: 'Partner: from networks of partners',
  internet: 'Internet: from anywhere',
};

const isLifetime = (text: string): boolean => /^\d{1,3}$/.test(text) && Number(text) <= 100;

/** How closely to look, and what the found assets stand for: their risk is computed from it. */
export function HowStep({
  draft,
  change,
  isBusy,
  onBack,
  onNext,
}: StepProps & { readonly onBack: () => void; readonly onNext: () => Promise<void> }) {
  const { client, may } = useSession();
  const [wasTried, setWasTried] = useState(false);
  const environments = useQuery({
    queryKey: ['environments'],
    queryFn: () => client.listEnvironments({ query: { limit: 200 } }),
    enabled: may('environment.read'),
  });
  const error = isLifetime(draft.dataLifetimeYears) ? null : 'A whole number of years from 0 to 100.';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWasTried(true);
    if (error === null) void onNext();
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <fieldset className={styles.choices}>
        <legend>How closely</legend>
        {profiles.map(({ id, title, about }) => (
          <label key={id} className={styles.choice}>
            <input
              type="radio"
              name="profile"
              checked={draft.profile === id}
              onChange={() => change({ profile: id })}
            />
            <strong>{title}</strong>
            <span>{about}</span>
          </label>
        ))}
      </fieldset>
      <div className={styles.pair}>
        <Select
          label="What their data is"
          value={draft.sensitivity}
          onChange={({ target }) => change({ sensitivity: sensitivitySchema.parse(target.value) })}
          options={sensitivitySchema.options.map((one) => [one, sensitivities[one] ?? one] as const)}
        />
        <Select
          label="Who can reach them"
          value={draft.exposure}
          onChange={({ target }) => change({ exposure: exposureSchema.parse(target.value) })}
          options={exposureSchema.options.map((one) => [one, exposures[one] ?? one] as const)}
        />
      </div>
      <div className={styles.pair}>
        <Field
          label="Years for which the data must stay confidential"
          hint="Recorded traffic is read once quantum computers can: years count from today."
          error={wasTried ? error : null}
          value={draft.dataLifetimeYears}
          inputMode="numeric"
          maxLength={3}
          onChange={({ target }) => change({ dataLifetimeYears: target.value })}
        />
        <Field
          label="Name of the scan (optional)"
          hint="Scans of one name are compared, run by run."
          value={draft.name}
          maxLength={190}
          autoComplete="off"
          onChange={({ target }) => change({ name: target.value })}
        />
      </div>
      {environments.data === undefined || environments.data.items.length < 2 ? null : (
        <Select
          label="Environment of what is found"
          value={draft.environmentId}
          onChange={({ target }) => change({ environmentId: target.value })}
          options={[
            ['', 'the first one of the organization'],
            ...environments.data.items.map(({ id, name }) => [id, name] as const),
          ]}
        />
      )}
      <label className={styles.choice}>
        <input
          type="checkbox"
          checked={draft.internal}
          onChange={({ target }) => change({ internal: target.checked })}
        />
        <strong>Some of the names lead into a network of your own</strong>
        <span>
          Where your organization puts scans of internal networks under approval, it is asked for. Without this, such
          names are left alone then.
        </span>
      </label>
      <div className={styles.buttons}>
        <Button onClick={onBack}>Back</Button>
        <Button kind="primary" type="submit" isBusy={isBusy}>
          Next
        </Button>
      </div>
    </form>
  );
}
