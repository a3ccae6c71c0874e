import type { ReactNode } from 'react';
import styles from './detail-list.module.css';

export interface DetailListProps {
  readonly items: readonly (readonly [label: string, value: ReactNode])[];
  /** Without a frame of its own: what holds it has one. */
  readonly isBare?: boolean;
}

/** Names and values of one thing. A value may be of any length: it wraps. */
export function DetailList({ items, isBare = false }: DetailListProps) {
  return (
    <dl className={isBare ? styles.list : `${styles.list} ${styles.panel}`}>
      {items.map(([label, value]) => (
        <div key={label} className={styles.item}>
          <dt>{label}</dt>
          <dd>{typeof value === 'string' ? <bdi>{value}</bdi> : value}</dd>
        </div>
      ))}
    </dl>
  );
}
