import { existsSync } from 'node:fs';
import path from 'node:path';
import { isPermission } from '@quantumvault/api';
import { describe, expect, it } from 'vitest';
import { roomOf, rooms, roomsOf } from './rooms.ts';

const app = path.join(import.meta.dirname, '../../app');

describe('rooms', () => {
  it.each(rooms)('IFC-5: $path leads to a page that there is', (room) => {
    expect(existsSync(path.join(app, room.path, 'page.tsx'))).toBe(true);
    expect(room.permission === null || isPermission(room.permission)).toBe(true);
  });

  it('paths and labels are each one room’s own', () => {
    for (const field of ['path', 'label'] as const) {
      expect(new Set(rooms.map((room) => room[field])).size).toBe(rooms.length);
    }
  });

  it('IFC-5: a room that one may not enter is not among one’s rooms', () => {
    const mine = roomsOf(() => false);
    expect(mine.map(({ permission }) => permission)).toEqual(mine.map(() => null));
    expect(roomsOf(() => true)).toHaveLength(rooms.length);
  });

  it('a page below a room belongs to it, and a longer name does not', () => {
    expect(roomOf('/')?.path).toBe('/');
    expect(roomOf('/nowhere')).toBeUndefined();
    for (const room of rooms.filter(({ path }) => path !== '/')) {
      expect(roomOf(`${room.path}/detail`)).toBe(room);
      expect(roomOf(`${room.path}x`)).not.toBe(room);
    }
  });
});
