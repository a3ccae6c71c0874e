import { type InputHTMLAttributes, useId } from 'react';
import styles from './field.module.css';

export interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: string;
  /** What is wrong with the value, in words for its author. */
  readonly error?: string | null;
}

/** An input with its label, hint and error, tied together for assistive technology. */
export function Field({ label, hint, error, id, className, ...rest }: FieldProps) {
  const made = useId();
  const inputId = id ?? made;
  const describedBy = [hint === undefined ? '' : `${inputId}-hint`, error ? `${inputId}-error` : '']
    .filter(Boolean)
    .join(' ');
  return (
    <div className={[styles.field, className].filter(Boolean).join(' ')}>
      <label htmlFor={inputId}>{label}</label>
      <input
        {...rest}
        id={inputId}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy === '' ? undefined : describedBy}
      />
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
