'use client';
import { useSyncExternalStore } from 'react';

/*
 * Theme and density, kept in this browser under `qv-look`; `public/look.js` applies them before the first paint. They are
 * no data of anybody, but sign-out takes them along with all else that the browser keeps of this origin.
 */

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'comfortable' | 'compact';
export interface Look {
  readonly theme: Theme;
  readonly density: Density;
}

const store = 'qv-look';
const listeners = new Set<() => void>();

export function readLook(text: string | null): Look {
  const [theme, density] = (text ?? '').split(' ');
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    density: density === 'compact' ? 'compact' : 'comfortable',
  };
}

export function setLook({ theme, density }: Look): void {
  localStorage.setItem(store, `${theme} ${density}`);
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
  root.dataset.density = density;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLook(): Look {
  const text = useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(store) ?? '',
    () => '',
  );
  return readLook(text);
}
