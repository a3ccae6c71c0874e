'use client';
import { useCallback, useRef, useState } from 'react';

export interface Action {
  /** Runs it; a second call while one runs does nothing. Whether it came to its end is the answer. */
  readonly run: (work: () => Promise<void>) => Promise<boolean>;
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly clear: () => void;
}

/** Work that a press begins: whether it is under way, and what became of it. */
export function useAction(): Action {
  const isRunning = useRef(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = useCallback(async (work: () => Promise<void>): Promise<boolean> => {
    if (isRunning.current) return false;
    isRunning.current = true;
    setIsBusy(true);
    setError(null);
    try {
      await work();
      return true;
    } catch (thrown) {
      setError(thrown);
      return false;
    } finally {
      isRunning.current = false;
      setIsBusy(false);
    }
  }, []);
  return { run, isBusy, error, clear: useCallback(() => setError(null), []) };
}
