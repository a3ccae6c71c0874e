'use client';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Button } from './button.tsx';
import styles from './dialog.module.css';
import { Icon } from './icon.tsx';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** `side`: along the edge, for what is read beside the page; `top`: for the palette. */
  readonly place?: 'middle' | 'side' | 'start' | 'top';
}

/**
 * What has to be done or read before the page goes on. The browser's own modal dialog: it keeps the focus inside, closes
 * with Escape and gives the focus back to where it was.
 */
export function Dialog({ title, onClose, children, place = 'middle' }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) element.showModal();
  }, []);
  return (
    <dialog ref={dialog} className={`${styles.dialog} ${styles[place]}`} aria-labelledby={titleId} onClose={onClose}>
      <div className={styles.head}>
        <h2 id={titleId}>{title}</h2>
        <Button kind="quiet" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
          <span className="hidden-text">Close</span>
        </Button>
      </div>
      {children}
    </dialog>
  );
}
