import Link from 'next/link';
import type { ReactNode } from 'react';
import styles from './page.module.css';

export interface PageProps {
  readonly title: ReactNode;
  /** One sentence on what the page is for. */
  readonly lead?: ReactNode;
  /** The list that the page belongs to. */
  readonly back?: { readonly href: string; readonly label: string };
  /** Buttons for what is done here most. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page of a room: what it is, what can be done, and the content. */
export function Page({ title, lead, back, actions, children }: PageProps) {
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <div className={styles.titles}>
          {back === undefined ? null : (
            <Link href={back.href} prefetch={false} className={styles.back}>
              {back.label}
            </Link>
          )}
          <h1>{title}</h1>
          {lead === undefined ? null : <p className={styles.lead}>{lead}</p>}
        </div>
        {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}
