'use client';
import Link from 'next/link';
import { type ReactNode, useId } from 'react';
import styles from './charts.module.css';
import { percentText, shareWidths } from './share.ts';
import { Textures, type Tone, textureOf } from './textures.tsx';

export interface SharePart {
  readonly key: string;
  readonly name: string;
  readonly count: number;
  readonly tone: Tone;
  /** Where the things that were counted are listed. */
  readonly href?: string;
}

/**
 * How a whole is made of parts. The list says all of it in words and numbers; the bar above repeats it for the eye, where
 * each part has a texture besides its color.
 */
export function ShareBar({ title, parts }: { readonly title: ReactNode; readonly parts: readonly SharePart[] }) {
  const id = useId();
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  const widths = shareWidths(parts.map(({ count }) => count));
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.title}>{title}</figcaption>
      <svg className={styles.bar} aria-hidden="true" focusable="false">
        <Textures id={id} />
        {parts.map(({ key, tone }, at) => (
          <g key={key} className={styles[tone]}>
            <rect
              x={`${widths[at]?.from ?? 0}%`}
              width={`${widths[at]?.width ?? 0}%`}
              height="100%"
              fill={textureOf(id, tone)}
              className={styles.part}
            />
          </g>
        ))}
      </svg>
      <ul className={styles.parts}>
        {parts.map(({ key, name, count, tone, href }) => (
          <li key={key}>
            <svg className={`${styles.swatch} ${styles[tone]}`} aria-hidden="true" focusable="false">
              <rect width="100%" height="100%" fill={textureOf(id, tone)} className={styles.part} />
            </svg>
            <span>
              {href === undefined || count === 0 ? (
                name
              ) : (
                <Link href={href} prefetch={false}>
                  {name}
                </Link>
              )}
            </span>
            <span className={styles.number}>{count.toLocaleString('en')}</span>
            <span className={styles.percent}>{percentText(count, total)}</span>
          </li>
        ))}
      </ul>
    </figure>
  );
}
