import Link from 'next/link';
import type { ReactNode } from 'react';
import styles from './button.module.css';

/** A way to another page that looks like the action it is. */
export function LinkButton({
  href,
  kind = 'plain',
  children,
}: {
  readonly href: string;
  readonly kind?: 'primary' | 'plain' | 'quiet';
  readonly children: ReactNode;
}) {
  return (
    <Link href={href} prefetch={false} className={`${styles.button} ${styles[kind]} ${styles.link}`}>
      {children}
    </Link>
  );
}
