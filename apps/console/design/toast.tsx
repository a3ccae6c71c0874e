'use client';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { ActionFailure } from './action-failure.tsx';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { useStepUp } from './step-up.tsx';
import styles from './toast.module.css';
import { useAction } from './use-action.ts';

export interface ToastMessage {
  readonly text: string;
  /** Where the interface can take it back: what that does. */
  readonly undo?: () => Promise<unknown>;
}

interface Shown extends ToastMessage {
  readonly id: number;
}

const ToastContext = createContext<((message: ToastMessage) => void) | null>(null);

/** Says in passing that something was done, and offers to take it back. */
export function useToast(): (message: ToastMessage) => void {
  const show = useContext(ToastContext);
  if (show === null) throw new Error('there is no place for messages around this component');
  return show;
}

const shownMax = 3;
/** Messages that offer nothing go by themselves; one with a way back stays until it is closed (WCAG 2.2.1). */
const plainMs = 12_000;

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const next = useRef(0);
  const show = useCallback((message: ToastMessage) => {
    next.current += 1;
    const id = next.current;
    setShown((former) => [...former, { ...message, id }].slice(-shownMax));
  }, []);
  const close = useCallback((id: number) => setShown((former) => former.filter((one) => one.id !== id)), []);
  return (
    <ToastContext.Provider value={show}>
      {children}
      <section className={styles.place} aria-label="Messages" aria-live="polite">
        {shown.map((message) => (
          <Toast key={message.id} message={message} onClose={close} />
        ))}
      </section>
    </ToastContext.Provider>
  );
}

function Toast({ message, onClose }: { readonly message: Shown; readonly onClose: (id: number) => void }) {
  const { run: proven, prompt } = useStepUp();
  const { run, isBusy, error } = useAction();
  const { id, undo } = message;
  useEffect(() => {
    if (undo !== undefined) return;
    const timer = setTimeout(() => onClose(id), plainMs);
    return () => clearTimeout(timer);
  }, [undo, id, onClose]);
  const takeBack = async (work: () => Promise<unknown>) => {
    if (await run(async () => void (await proven(work)))) onClose(id);
  };
  return (
    <div className={styles.toast}>
      <div className={styles.line}>
        <span>{message.text}</span>
        {undo === undefined ? null : (
          <Button isBusy={isBusy} onClick={() => void takeBack(undo)}>
            Undo
          </Button>
        )}
        <Button kind="quiet" onClick={() => onClose(id)}>
          <Icon name="close" />
          <span className="hidden-text">Close the message</span>
        </Button>
      </div>
      <ActionFailure error={error} doing="Taking it back" />
      {prompt}
    </div>
  );
}
