'use client';
import { useId } from 'react';
import styles from './audit.module.css';
import type { PinnedKeys } from './verify-events.ts';

const keysCharactersMax = 20_000;

/** Where the reader gives the log's keys as they were kept elsewhere; they stay in this page. */
export function PinnedKeysField({
  value,
  onChange,
}: {
  readonly value: PinnedKeys;
  readonly onChange: (keys: PinnedKeys) => void;
}) {
  const id = useId();
  return (
    <details className={styles.keys}>
      <summary>Verify with keys of your own</summary>
      <label htmlFor={id}>Content of a log.vkey that was kept elsewhere; empty: the keys that this server gives</label>
      <textarea
        id={id}
        value={value ?? ''}
        maxLength={keysCharactersMax}
        spellCheck={false}
        onChange={({ target }) => onChange(target.value.trim() === '' ? null : target.value)}
      />
    </details>
  );
}
