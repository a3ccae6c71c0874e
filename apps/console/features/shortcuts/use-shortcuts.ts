'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { nowMs } from '../../design/clock.ts';
import { useSession } from '../../session/session.tsx';
import { roomsOf } from '../shell/rooms.ts';
import { keyAction } from './key-action.ts';
import { roomKeys } from './room-keys.ts';
import { areKeysOn } from './switch.ts';

/** For how long `g` waits for its second key. */
const waitMs = 1_500;
const fields = 'input, textarea, select, [contenteditable=""], [contenteditable="true"]';

export interface ShortcutTargets {
  readonly onPalette: () => void;
  readonly onShortcuts: () => void;
}

/** Listens to the keys of the whole page. */
export function useShortcuts({ onPalette, onShortcuts }: ShortcutTargets): void {
  const { may } = useSession();
  const router = useRouter();
  const waitingSince = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const action = keyAction({
        key: event.key,
        isCommand: event.ctrlKey || event.metaKey,
        isAlt: event.altKey,
        isTyping: event.target instanceof Element && event.target.closest(fields) !== null,
        isInDialog: document.querySelector('dialog[open]') !== null,
        isWaiting: nowMs() - waitingSince.current < waitMs,
        isOn: areKeysOn(),
      });
      waitingSince.current = action?.do === 'wait' ? nowMs() : Number.NEGATIVE_INFINITY;
      if (action === null || action.do === 'wait') return;
      if (action.do === 'room') {
        const room = roomKeys(roomsOf(may)).get(action.key);
        if (room !== undefined) router.push(room.path);
        return;
      }
      event.preventDefault();
      // A room that has a search of its own is searched; else the palette finds things everywhere.
      const search = document.querySelector<HTMLElement>('main input[type=search]');
      if (action.do === 'search' && search !== null) search.focus();
      else if (action.do === 'shortcuts') onShortcuts();
      else onPalette();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [may, router, onPalette, onShortcuts]);
}
