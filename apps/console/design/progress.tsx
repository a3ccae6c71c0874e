'use client';
import { useEffect, useRef, useState } from 'react';
import styles from './progress.module.css';

export interface ProgressProps {
  /** What goes on, for example "Scanning 12 targets". */
  readonly label: string;
  /** Percent; null: nobody knows how far it is. */
  readonly value: number | null;
  /** What has come of it so far, for example "3 of 12 answered". */
  readonly detail?: string;
}

const quietMs = 5_000;
const stepPercent = 25;

const sentenceOf = ({ label, value, detail }: ProgressProps): string =>
  [label, value === null ? '' : `${Math.floor(value)} percent`, detail ?? ''].filter(Boolean).join(', ');

/**
 * How far long work is. Those who see it see each step; those who listen are told at quarters, and no more often than every
 * five seconds, so that the work does not talk over what they do meanwhile. Its end is the page's to tell.
 */
export function Progress(props: ProgressProps) {
  const { label, value, detail } = props;
  const spoken = useSpoken(sentenceOf(props), value === null ? 0 : Math.floor(value / stepPercent));
  return (
    <div className={styles.progress}>
      <div className={styles.words} aria-hidden="true">
        <span>{label}</span>
        <span className={styles.number}>{value === null ? '' : `${Math.floor(value)} %`}</span>
      </div>
      {value === null ? (
        <progress className={styles.bar} aria-label={label} />
      ) : (
        <progress className={styles.bar} max={100} value={value} aria-label={label} />
      )}
      {detail === undefined ? null : <p className={styles.detail}>{detail}</p>}
      <span role="status" className="hidden-text">
        {spoken}
      </span>
    </div>
  );
}

/** The sentence as it was at the last step, held back while the last one is fresh. */
function useSpoken(sentence: string, step: number): string {
  const [spoken, setSpoken] = useState(sentence);
  const latest = useRef(sentence);
  latest.current = sentence;
  const said = useRef(step);
  const lastAt = useRef(0);
  useEffect(() => {
    if (said.current === step) return;
    const wait = Math.max(0, lastAt.current + quietMs - performance.now());
    const timer = setTimeout(() => {
      said.current = step;
      lastAt.current = performance.now();
      setSpoken(latest.current);
    }, wait);
    return () => clearTimeout(timer);
  }, [step]);
  return spoken;
}
