import type { ReactNode } from 'react';
import styles from './badge.module.css';

/** A word that says how something stands. The color repeats what the word says, for those who see it. */
export function Badge({
  kind = 'plain',
  children,
}: {
  readonly kind?: 'plain' | 'info' | 'success' | 'warning' | 'danger';
  readonly children: ReactNode;
}) {
  return <span className={`${styles.badge} ${styles[kind]}`}>{children}</span>;
}
