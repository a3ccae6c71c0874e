'use client';
import type { ReactNode } from 'react';
import { useStepUp } from './step-up.tsx';
import { type Action, useAction } from './use-action.ts';

export interface GuardedAction extends Omit<Action, 'run'> {
  /** Runs the call, after a fresh proof of identity where the server wants one; its answer goes to `onDone` alone. */
  readonly run: <T>(call: () => Promise<T>, onDone: (answer: T) => unknown) => Promise<boolean>;
  /** The dialog that asks for the proof; the caller puts it on its page. */
  readonly prompt: ReactNode;
}

/**
 * ACC-5: work that a press begins and that may need a fresh proof. Unlike a mutation of the query cache it keeps nothing of
 * what it sent or was answered: for calls whose answer is a secret there is no other way.
 */
export function useGuardedAction(): GuardedAction {
  const { run, ...action } = useAction();
  const stepUp = useStepUp();
  return {
    ...action,
    prompt: stepUp.prompt,
    run: (call, onDone) =>
      run(async () => {
        await onDone(await stepUp.run(call));
      }),
  };
}
