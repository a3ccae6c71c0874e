import type { ReactNode } from 'react';
import { Failure } from '../../design/failure.tsx';
import { Skeleton } from '../../design/skeleton.tsx';
import styles from './home.module.css';

/** A part of the home page: its question to the server is answered, under way, or has failed by itself. */
export function Block({
  title,
  query,
  isWide = false,
  children,
}: {
  readonly title: string;
  readonly query: { readonly isPending: boolean; readonly error: unknown };
  /** Takes the whole row. */
  readonly isWide?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <section className={isWide ? `${styles.block} ${styles.wide}` : styles.block} aria-label={title}>
      <h2>{title}</h2>
      {query.error === null ? null : <Failure error={query.error} doing={`Reading: ${title}`} />}
      {query.isPending ? <Skeleton label={`Reading: ${title}`} /> : children}
    </section>
  );
}
