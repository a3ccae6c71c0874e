import type { ReactNode } from 'react';
import styles from './notice.module.css';

/** Says what happened, what is safe, and what to do next. Errors are announced at once, the rest when it is quiet. */
export function Notice({
  kind,
  title,
  children,
}: {
  readonly kind: 'info' | 'success' | 'warning' | 'danger';
  readonly title: string;
  readonly children?: ReactNode;
}) {
  return (
    <div role={kind === 'danger' ? 'alert' : 'status'} className={`${styles.notice} ${styles[kind]}`}>
      <strong>{title}</strong>
      {children}
    </div>
  );
}
