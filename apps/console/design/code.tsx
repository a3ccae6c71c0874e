'use client';
import { useState } from 'react';
import { Button } from './button.tsx';
import styles from './code.module.css';

/** A value for machines, whole, with a button that copies it. */
export function Code({ value, label }: { readonly value: string; readonly label: string }) {
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setIsCopied(true);
  };
  return (
    <div className={styles.code}>
      <code>{value}</code>
      <Button kind="quiet" className={styles.copy} onClick={() => void copy().catch(() => setIsCopied(false))}>
        {isCopied ? 'Copied' : 'Copy'}
        <span className="hidden-text"> {label}</span>
      </Button>
    </div>
  );
}
