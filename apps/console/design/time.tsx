'use client';
import { nowMs } from './clock.ts';
import styles from './time.module.css';

const units: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** For example "3 days ago" or "in 2 hours". */
export function relativeTime(instant: string, now: number): string {
  const seconds = Math.round((Date.parse(instant) - now) / 1000);
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  const count = Math.trunc(seconds / size);
  // "Tomorrow" and "yesterday" name days of the calendar, and 47 hours from now are not tomorrow.
  return new Intl.RelativeTimeFormat('en', { numeric: count === 0 ? 'auto' : 'always' }).format(count, unit);
}

const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/**
 * An instant in the reader's time zone with how far away it is; the exact one, in UTC, is its title. `brief`: only how far
 * away, where many stand below each other.
 */
export function Time({ value, brief = false }: { readonly value: string; readonly brief?: boolean }) {
  const distance = relativeTime(value, nowMs());
  return (
    <time dateTime={value} title={value} className={styles.time}>
      {brief ? distance : absolute.format(new Date(value))}
      {brief ? null : <span className={styles.distance}> ({distance})</span>}
    </time>
  );
}
