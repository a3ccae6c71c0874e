import { type SelectHTMLAttributes, useId } from 'react';
import styles from './select.module.css';

export interface SelectProps extends SelectHTMLAttributes<HTMLSelectElement> {
  readonly label: string;
  readonly options: readonly (readonly [value: string, text: string])[];
}

/** One of a few values, with its label. */
export function Select({ label, options, id, ...rest }: SelectProps) {
  const made = useId();
  const selectId = id ?? made;
  return (
    <div className={styles.field}>
      <label htmlFor={selectId}>{label}</label>
      <select {...rest} id={selectId}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
