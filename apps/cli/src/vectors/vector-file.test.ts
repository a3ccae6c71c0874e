import { expect, it } from 'vitest';
import { type Entry, glancesMax, VectorFile } from './vector-file.ts';

/** A folder of files of these sizes, which counts how often each is read. */
function folder(sizes: readonly number[]) {
  const reads = sizes.map(() => 0);
  const entries: readonly Entry[] = sizes.map((size, at) => ({
    path: `keys/${at}.der`,
    read: () => {
      reads[at] = (reads[at] ?? 0) + 1;
      return new Uint8Array(size);
    },
  }));
  const file = new VectorFile({ path: 'keys/own.der', read: () => new Uint8Array(0) }, entries);
  return { reads, glance: (at: number) => file.glance(`${at}.der`)?.bytes.length };
}

it('what is glanced at is read once, as long as it fits with the others', () => {
  const { reads, glance } = folder([10, 20, glancesMax - 20]);
  for (const at of [0, 1, 0, 1]) glance(at);
  expect(reads).toEqual([1, 1, 0]);
  // The file that was used longest ago goes.
  for (const at of [1, 0, 1, 2, 2, 1, 0]) glance(at);
  expect(reads).toEqual([2, 1, 1]);
});

it('a file above the bound is not kept, and no one else goes for it', () => {
  const { reads, glance } = folder([10, glancesMax + 1]);
  for (const at of [0, 1, 1, 0]) expect(glance(at)).toBe(at === 0 ? 10 : glancesMax + 1);
  expect(reads).toEqual([1, 2]);
});

it('text and JSON are what the bytes are, or undefined', () => {
  const of = (text: string | Uint8Array) =>
    new VectorFile({ path: 'a', read: () => (typeof text === 'string' ? new TextEncoder().encode(text) : text) }, []);
  expect([of('[1]').text, of('[1]').json]).toEqual(['[1]', [1]]);
  expect([of('hello').text, of('hello').json]).toEqual(['hello', undefined]);
  expect([of(Uint8Array.of(0xff)).text, of(Uint8Array.of(0xff)).json]).toEqual([undefined, undefined]);
});
