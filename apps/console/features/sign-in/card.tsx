import type { ReactNode } from 'react';
import { Icon } from '../../design/icon.tsx';
import styles from './card.module.css';

/** A page before the session: one thing to do. */
export function Card({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <p className={styles.name}>
          <Icon name="shield" /> QuantumVault
        </p>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
