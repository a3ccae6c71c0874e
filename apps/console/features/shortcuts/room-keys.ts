import type { Room } from '../shell/rooms.ts';

/** Letters that people know from elsewhere, or that tell rooms with the same beginning apart. */
const preferred: ReadonlyMap<string, string> = new Map([
  ['/', 'h'],
  ['/approvals', 'a'],
  ['/audit', 'l'],
  ['/people', 'p'],
  ['/policies', 'o'],
  ['/settings', 't'],
  ['/scans', 's'],
  ['/account', 'u'],
]);

/** The letter after `g` that leads to each room: the preferred one, or the first of its name that is free. */
export function roomKeys(rooms: readonly Room[]): ReadonlyMap<string, Room> {
  const keys = new Map<string, Room>();
  for (const room of rooms) {
    const key = preferred.get(room.path);
    if (key !== undefined) keys.set(key, room);
  }
  for (const room of rooms) {
    if (preferred.has(room.path)) continue;
    const letters = [...room.label.toLowerCase(), ...'abcdefghijklmnopqrstuvwxyz'];
    const free = letters.find((letter) => /^[a-z]$/.test(letter) && !keys.has(letter));
    if (free !== undefined) keys.set(free, room);
  }
  return keys;
}
