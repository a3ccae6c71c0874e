'use client';
import { useSyncExternalStore } from 'react';

/* Whether keys of one character do something, kept in this browser under `qv-keys` until its user signs out. */

const store = 'qv-keys';
const listeners = new Set<() => void>();

export const areKeysOn = (): boolean => localStorage.getItem(store) !== 'off';

export function setKeysOn(isOn: boolean): void {
  if (isOn) localStorage.removeItem(store);
  else localStorage.setItem(store, 'off');
  for (const listener of listeners) listener();
}

export function useKeysOn(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    areKeysOn,
    () => true,
  );
}
