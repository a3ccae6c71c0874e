import type { ReactNode } from 'react';
import styles from './empty-state.module.css';
import { Icon, type IconName } from './icon.tsx';

/** Where there is nothing yet: a sentence on what would be here, and the next step. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className={styles.empty}>
      <Icon name={icon} />
      <strong>{title}</strong>
      <p>{children}</p>
      {action}
    </div>
  );
}
