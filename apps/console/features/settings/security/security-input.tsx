'use client';
import { defaultSecuritySettings, roles } from '@quantumvault/api';
import { useId } from 'react';
import styles from '../settings.module.css';
import type { SecurityDraft } from './security-draft.ts';
import { boundsOf, kindOf, type SecurityField, textOf, valueIn } from './security-fields.ts';

export interface SecurityInputProps {
  readonly field: SecurityField;
  /** As the server has it. */
  readonly value: unknown;
  /** As it was changed here; undefined: it was not. */
  readonly draft: SecurityDraft[string] | undefined;
  readonly isReadOnly: boolean;
  readonly onChange: (value: SecurityDraft[string]) => void;
}

/** One setting with its sentence, its default and, when it was changed and not saved, what holds now. */
export function SecurityInput(props: SecurityInputProps) {
  const { field, value, draft, isReadOnly, onChange } = props;
  const id = useId();
  const kind = kindOf(field.id);
  const shown = draft ?? (value === null ? '' : value);
  const described = `${id}-hint`;
  const byDefault = valueIn(defaultSecuritySettings, field.id);
  const standard = byDefault === null ? 'empty' : textOf(field, byDefault);
  return (
    <div className={styles.field}>
      {kind === 'switch' ? (
        <label className={styles.check}>
          <input
            id={id}
            type="checkbox"
            checked={shown === true}
            disabled={isReadOnly}
            aria-describedby={described}
            onChange={({ target }) => onChange(target.checked)}
          />
          {field.label}
        </label>
      ) : (
        <label htmlFor={id}>{field.label}</label>
      )}
      {kind === 'whole' || kind === 'whole-or-none' ? (
        <span className={styles.line}>
          <input
            id={id}
            type="number"
            inputMode="numeric"
            step={1}
            {...boundsOf(field.id)}
            required={kind === 'whole'}
            value={String(shown)}
            readOnly={isReadOnly}
            aria-describedby={described}
            onChange={({ target }) => onChange(target.value)}
          />
          {field.unit}
        </span>
      ) : null}
      {kind === 'who' ? <Who id={id} value={shown} isReadOnly={isReadOnly} onChange={onChange} /> : null}
      <p id={described} className={styles.hint}>
        {field.sentence}
        {field.none === undefined ? '' : ` Empty: ${field.none}.`} Default: {standard}.
      </p>
      {draft === undefined ? null : <p className={styles.changed}>Not saved yet. Now: {textOf(field, value)}.</p>}
    </div>
  );
}

interface WhoProps {
  readonly id: string;
  readonly value: unknown;
  readonly isReadOnly: boolean;
  readonly onChange: (value: string | readonly string[]) => void;
}

function Who({ id, value, isReadOnly, onChange }: WhoProps) {
  const chosen: readonly unknown[] | null = Array.isArray(value) ? value : null;
  return (
    <>
      <span className={styles.line}>
        <select
          id={id}
          value={chosen === null ? String(value) : 'some'}
          disabled={isReadOnly}
          onChange={({ target }) => onChange(target.value === 'some' ? ['platform-admin'] : target.value)}
        >
          <option value="nobody">nobody</option>
          <option value="everyone">everyone</option>
          <option value="some">who holds one of these roles</option>
        </select>
      </span>
      {chosen === null ? null : (
        <span className={styles.line}>
          {roles.map((role) => (
            <label key={role} className={styles.check}>
              <input
                type="checkbox"
                checked={chosen.includes(role)}
                disabled={isReadOnly}
                onChange={({ target }) =>
                  onChange(roles.filter((one) => (one === role ? target.checked : chosen.includes(one))))
                }
              />
              {role}
            </label>
          ))}
        </span>
      )}
    </>
  );
}
