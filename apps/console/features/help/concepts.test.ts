import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rooms } from '../shell/rooms.ts';
import { concepts } from './concepts.ts';
import { conceptsOfRoom, namedConcepts } from './room-concepts.ts';

const ids = new Set(concepts.map(({ id }) => id));

describe('the help panel', () => {
  it.each(concepts.map((concept) => [concept.id, concept] as const))(
    'IFC-5: %s is taught in two sentences',
    (_id, { text, name }) => {
      expect(text.match(/[.!?](?=\s|$)/g)).toHaveLength(2);
      expect(text.length).toBeLessThan(360);
      expect(name.length).toBeLessThan(40);
    },
  );

  it.each(rooms.map((room) => [room.path]))('IFC-5: the room %s has its concepts', (room) => {
    expect(conceptsOfRoom(room).length).toBeGreaterThanOrEqual(3);
  });

  it('each concept has an id and a name of its own, and each that is named exists and is met in some room', () => {
    expect(ids.size).toBe(concepts.length);
    expect(new Set(concepts.map(({ name }) => name)).size).toBe(concepts.length);
    const named = new Set(namedConcepts());
    expect([...named].filter((id) => !ids.has(id))).toEqual([]);
    expect([...ids].filter((id) => !named.has(id))).toEqual([]);
  });

  it('every ? beside a term leads to a concept that there is', () => {
    const features = path.join(import.meta.dirname, '..');
    const sources = readdirSync(features, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.tsx'),
    );
    const used = sources.flatMap((name) =>
      [...readFileSync(path.join(features, name), 'utf8').matchAll(/<Term\s[^>]*concept="([^"]+)"/g)].map(
        ([, id = '']) => id,
      ),
    );
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((id) => !ids.has(id))).toEqual([]);
  });
});
