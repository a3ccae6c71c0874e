'use client';
import { type InputHTMLAttributes, type Ref, useId, useState } from 'react';
import { Button } from './button.tsx';
import styles from './field.module.css';

export interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: string;
  /** What is wrong with the value, in words for its author. */
  readonly error?: string | null;
  /** A password that can be looked at while it is typed. */
  readonly isRevealable?: boolean;
  readonly ref?: Ref<HTMLInputElement>;
}

/** An input with its label, hint and error, tied together for assistive technology. */
export function Field({ label, hint, error, id, className, isRevealable = false, type, ...rest }: FieldProps) {
  const made = useId();
  const inputId = id ?? made;
  const [isShown, setIsShown] = useState(false);
  const describedBy = [hint === undefined ? '' : `${inputId}-hint`, error ? `${inputId}-error` : '']
    .filter(Boolean)
    .join(' ');
  return (
    <div className={[styles.field, className].filter(Boolean).join(' ')}>
      <label htmlFor={inputId}>{label}</label>
      <div className={styles.line}>
        <input
          {...rest}
          id={inputId}
          type={isShown ? 'text' : type}
          spellCheck={isRevealable ? false : rest.spellCheck}
          aria-invalid={error ? true : undefined}
          aria-describedby={describedBy === '' ? undefined : describedBy}
        />
        {isRevealable ? (
          <Button kind="quiet" aria-pressed={isShown} onClick={() => setIsShown(!isShown)}>
            Show
          </Button>
        ) : null}
      </div>
      {hint === undefined ? null : (
        <p id={`${inputId}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {error ? (
        <p id={`${inputId}-error`} className={styles.error}>
          {error}
        </p>
      ) : null}
    </div>
  );
}
