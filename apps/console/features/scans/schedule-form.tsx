'use client';
import type { TlsScanPreview } from '@quantumvault/api';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Failure } from '../../design/failure.tsx';
import { Field } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { Select } from '../../design/select.tsx';
import { StepUpDeclinedError, useStepUp } from '../../design/step-up.tsx';
import { TextArea } from '../../design/text-area.tsx';
import { useAction } from '../../design/use-action.ts';
import { useSession } from '../../session/session.tsx';
import { NotOpen } from './scan-targets.tsx';
import { portsOf, targetLines } from './scan-words.ts';
import styles from './scans.module.css';
import { rhythms } from './schedule-words.ts';

const ownRhythm = 'own';
const hereZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A scan that comes back; what cannot be scanned is said before the schedule is made. */
export function ScheduleForm({ onDone }: { readonly onDone: () => void }) {
  const { client } = useSession();
  const queries = useQueryClient();
  const { run, prompt } = useStepUp();
  const action = useAction();
  const [rhythm, setRhythm] = useState<string>(rhythms[0][0]);
  const [refused, setRefused] = useState<TlsScanPreview | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string) => String(form.get(name) ?? '').trim();
    const profile: 'quick' | 'full' = given('profile') === 'quick' ? 'quick' : 'full';
    void action.run(async () => {
      setRefused(null);
      const targets = [...targetLines(given('targets'))];
      const preview = await client.previewTlsScan({ body: { targets, ports: [...(portsOf('443') ?? [])], profile } });
      // All or nothing: a schedule that leaves some out every night would look like one that does not.
      if (preview.refused.length + preview.unreadable.length > 0) return setRefused(preview);
      const name = given('name');
      const work = { kind: 'scan-tls' as const, targets: preview.targets, profile, name };
      const cron = rhythm === ownRhythm ? given('cron') : rhythm;
      await run(() => client.createSchedule({ body: { name, work, cron, timeZone: given('zone') } }));
      await queries.invalidateQueries({ queryKey: ['schedules'] });
      onDone();
    });
  };
  return (
    <form className={styles.form} onSubmit={submit} aria-label="New schedule">
      <Field
        label="Name"
        name="name"
        required
        maxLength={190}
        autoComplete="off"
        hint="Its scans are compared, run by run."
      />
      <TextArea
        label="Hosts and networks"
        name="targets"
        required
        spellCheck={false}
        maxLength={100_000}
        hint="One a line: www.example.org, mail.example.org:993, 10.0.0.0/28. Without a port it is 443."
      />
      <div className={styles.pair}>
        <Select
          label="When"
          value={rhythm}
          onChange={({ target }) => setRhythm(target.value)}
          options={[...rhythms, [ownRhythm, 'at other times']]}
        />
        <Field label="Time zone" name="zone" defaultValue={hereZone()} required maxLength={64} autoComplete="off" />
        <Select
          label="How closely"
          name="profile"
          options={[
            ['full', 'full: everything that they speak'],
            ['quick', 'quick: what they pick'],
          ]}
        />
      </div>
      {rhythm === ownRhythm ? (
        <Field
          label="Times (cron)"
          name="cron"
          required
          maxLength={100}
          defaultValue="30 2 * * 1-5"
          autoComplete="off"
          hint="Minute, hour, day of month, month, day of week: 30 2 * * 1-5 is half past two on working days."
        />
      ) : null}
      {refused === null ? null : <Refused preview={refused} />}
      {action.error === null || action.error instanceof StepUpDeclinedError ? null : (
        <Failure error={action.error} doing="Making the schedule" />
      )}
      <div className={styles.buttons}>
        <Button kind="primary" type="submit" isBusy={action.isBusy}>
          Make the schedule
        </Button>
        <Button kind="quiet" onClick={onDone}>
          Cancel
        </Button>
      </div>
      {prompt}
    </form>
  );
}

function Refused({ preview: { refused, unreadable } }: { readonly preview: TlsScanPreview }) {
  return (
    <>
      {refused.length === 0 ? null : <NotOpen count={refused.length} />}
      <Notice kind="danger" title="The schedule was not made. Take these lines out or change them.">
        <ul>
          {[...refused.map(({ target }) => target), ...unreadable.map(({ reason }) => reason)]
            .slice(0, 20)
            .map((line) => (
              <li key={line}>
                <bdi>{line}</bdi>
              </li>
            ))}
        </ul>
      </Notice>
    </>
  );
}
