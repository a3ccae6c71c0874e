'use client';
import type { ReactNode } from 'react';
import { useHelp } from './help-context.tsx';
import styles from './term.module.css';

/** A word that not everybody knows, with a button that explains it in the help panel. */
export function Term({ concept, children }: { readonly concept: string; readonly children: ReactNode }) {
  const openHelp = useHelp();
  return (
    <span className={styles.term}>
      {children}
      {openHelp === null ? null : (
        <button type="button" className={styles.ask} onClick={() => openHelp(concept)}>
          <span aria-hidden="true">?</span>
          <span className="hidden-text">What is this: {concept.replaceAll('-', ' ')}</span>
        </button>
      )}
    </span>
  );
}
