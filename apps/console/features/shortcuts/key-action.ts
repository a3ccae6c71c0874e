/** What a key asks for. */
export type KeyAction =
  | { readonly do: 'palette' | 'search' | 'shortcuts' }
  /** The first of two keys: the next one names a room. */
  | { readonly do: 'wait' }
  | { readonly do: 'room'; readonly key: string };

export interface KeyPress {
  readonly key: string;
  readonly isCommand: boolean;
  readonly isAlt: boolean;
  /** In a field, where keys are text. */
  readonly isTyping: boolean;
  /** A dialog is open: keys are its own. */
  readonly isInDialog: boolean;
  /** `g` was pressed just before. */
  readonly isWaiting: boolean;
  /** Keys of one character can be turned off (WCAG 2.1.4). */
  readonly isOn: boolean;
}

/** null: the key is not ours. */
export function keyAction(press: KeyPress): KeyAction | null {
  const key = press.key.toLowerCase();
  if (press.isInDialog || press.isAlt) return null;
  if (press.isCommand) return key === 'k' ? { do: 'palette' } : null;
  if (press.isTyping || !press.isOn) return null;
  if (press.isWaiting && /^[a-z]$/.test(key)) return { do: 'room', key };
  if (key === 'g') return { do: 'wait' };
  if (key === '/') return { do: 'search' };
  return key === '?' ? { do: 'shortcuts' } : null;
}
