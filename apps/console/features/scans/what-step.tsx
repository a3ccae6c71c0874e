'use client';
import type { TlsScanPreview } from '@quantumvault/api';
import { type FormEvent, useState } from 'react';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import { TextArea } from '../../design/text-area.tsx';
import type { StepProps } from './scan-wizard.tsx';
import { portsOf, targetLines } from './scan-words.ts';
import styles from './scans.module.css';

const linesMax = 1_000;

/** Hosts, networks and ports. */
export function WhatStep({
  draft,
  change,
  isBusy,
  onNext,
}: StepProps & { readonly preview: TlsScanPreview | null; readonly onNext: () => Promise<void> }) {
  const [wasTried, setWasTried] = useState(false);
  const lines = targetLines(draft.text);
  const textError =
    lines.length === 0
      ? 'Name at least one host.'
      : lines.length > linesMax
        ? `At most ${linesMax} lines at once.`
        : null;
  const portsError = portsOf(draft.ports) === null ? 'One to sixteen numbers from 1 to 65535.' : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setWasTried(true);
    if (textError === null && portsError === null) void onNext();
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <TextArea
        label="Hosts and networks"
        hint="One a line: www.example.org, mail.example.org:993, smtp://mail.example.org, [2001:db8::1]:443, 10.0.0.0/28."
        error={wasTried ? textError : null}
        value={draft.text}
        spellCheck={false}
        autoComplete="off"
        maxLength={100_000}
        onChange={({ target }) => change({ text: target.value })}
      />
      <Field
        label="Ports, where a line names none"
        hint="443 is HTTPS. Several are separated by commas."
        error={wasTried ? portsError : null}
        value={draft.ports}
        inputMode="numeric"
        autoComplete="off"
        maxLength={200}
        onChange={({ target }) => change({ ports: target.value })}
      />
      <div className={styles.buttons}>
        <Button kind="primary" type="submit" isBusy={isBusy}>
          Next
        </Button>
      </div>
    </form>
  );
}
