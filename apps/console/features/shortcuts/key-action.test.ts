import { describe, expect, it } from 'vitest';
import { type Room, rooms } from '../shell/rooms.ts';
import { type KeyPress, keyAction } from './key-action.ts';
import { roomKeys } from './room-keys.ts';

const press: KeyPress = {
  key: 'g',
  isCommand: false,
  isAlt: false,
  isTyping: false,
  isInDialog: false,
  isWaiting: false,
  isOn: true,
};

describe('keys', () => {
  it('IFC-5: Ctrl or Cmd with K opens the palette, in a field too; / and ? and g are keys of their own', () => {
    expect(keyAction({ ...press, key: 'K', isCommand: true, isTyping: true, isOn: false })).toEqual({ do: 'palette' });
    expect(keyAction({ ...press, key: '/' })).toEqual({ do: 'search' });
    expect(keyAction({ ...press, key: '?' })).toEqual({ do: 'shortcuts' });
    expect(keyAction(press)).toEqual({ do: 'wait' });
    expect(keyAction({ ...press, key: 'g', isWaiting: true })).toEqual({ do: 'room', key: 'g' });
  });

  it.each([
    ['a field', { isTyping: true }],
    ['a dialog', { isInDialog: true }],
    ['Alt', { isAlt: true }],
    ['Ctrl and another letter', { isCommand: true }],
  ] as const)('in %s a letter is not ours', (_where, change) => {
    expect(keyAction({ ...press, ...change })).toBeNull();
  });

  it('WCAG 2.1.4: keys of one character can be turned off', () => {
    for (const key of ['g', '/', '?']) expect(keyAction({ ...press, key, isOn: false })).toBeNull();
    expect(keyAction({ ...press, key: 'h', isOn: false, isWaiting: true })).toBeNull();
  });
});

describe('keys of rooms', () => {
  it('every room has a letter of its own', () => {
    const keys = roomKeys(rooms);
    expect(new Set(keys.values()).size).toBe(rooms.length);
    expect(keys.get('h')?.path).toBe('/');
  });

  it('rooms of the same name get different letters', () => {
    const [home] = rooms;
    const same = (path: string): Room => ({ ...(home as Room), path, label: 'Jobs' });
    expect([...roomKeys([same('/a'), same('/b'), same('/c')]).keys()]).toEqual(['j', 'o', 'b']);
  });
});
