'use client';
import { type TextareaHTMLAttributes, useId } from 'react';
import styles from './field.module.css';

export interface TextAreaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | null;
}

/** Several lines of text with label, hint and error, as `Field` has them. */
export function TextArea({ label, hint, error, id, ...rest }: TextAreaProps) {
  const made = useId();
  const areaId = id ?? made;
  const describedBy = [hint === undefined ? '' : `${areaId}-hint`, error ? `${areaId}-error` : '']
    .filter(Boolean)
    .join(' ');
  return (
    <div className={styles.field}>
      <label htmlFor={areaId}>{label}</label>
      <textarea
        {...rest}
        id={areaId}
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy === '' ? undefined : describedBy}
      />
      {hint === undefined ? null : (
        <p id={`${areaId}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {error ? (
        <p id={`${areaId}-error`} className={styles.error}>
          {error}
        </p>
      ) : null}
    </div>
  );
}
