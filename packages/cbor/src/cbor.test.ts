import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CborCursor } from './cursor.ts';
import { type CborValue, encodeCbor } from './encode.ts';

const fromHex = (hex: string): CborCursor => new CborCursor(new Uint8Array(Buffer.from(hex, 'hex')), 0);
const invalid = expect.objectContaining({ code: 'CBOR_INVALID' });

describe('deterministic CBOR', () => {
  it('every scalar comes back as it was', () => {
    const scalar = fc.oneof(
      fc.maxSafeInteger().map((value) => value + 0),
      fc.boolean(),
      fc.constant(null),
      fc.string({ unit: 'grapheme' }),
      fc.uint8Array(),
    );
    fc.assert(
      fc.property(scalar, (value) => {
        const cursor = new CborCursor(encodeCbor(value), 0);
        expect(cursor.scalar()).toEqual(value instanceof Uint8Array ? new Uint8Array(value) : value);
        cursor.end();
      }),
    );
  });

  it('a map has one order, whatever the order of the writer', () => {
    const entries = fc.uniqueArray(fc.tuple(fc.string({ unit: 'grapheme' }), fc.nat()), { selector: ([key]) => key });
    fc.assert(
      fc.property(entries, (list) => {
        const bytes = encodeCbor(new Map(list));
        expect(encodeCbor(new Map([...list].reverse()))).toEqual(bytes);
        const read = new Map<string, unknown>();
        const cursor = new CborCursor(bytes, 0);
        cursor.map(100, (key) => read.set(key, cursor.uint()));
        cursor.end();
        expect(read).toEqual(new Map(list));
      }),
    );
  });

  it('items are read one after another, up to a limit', () => {
    const read: unknown[] = [];
    const cursor = fromHex('83010203');
    cursor.items(3, (index) => read.push([index, cursor.uint()]));
    cursor.end();
    expect(read).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(() => fromHex('83010203').items(2, () => undefined)).toThrow(invalid);
    expect(() => fromHex('9bffffffffffffffff').items(2 ** 40, () => undefined)).toThrow(invalid);
  });

  it('whatever the bytes, reading ends with a value or CBOR_INVALID, and a value has no second spelling', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => {
        const cursor = new CborCursor(bytes, 0);
        let value: CborValue;
        try {
          value = cursor.scalar();
          cursor.end();
        } catch (error) {
          expect(error).toEqual(invalid);
          return;
        }
        expect(encodeCbor(value)).toEqual(new Uint8Array(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('what has no encoding is refused', () => {
    const unsupported = expect.objectContaining({ code: 'CBOR_UNSUPPORTED' });
    for (const value of [1.5, Number.NaN, 2 ** 53, 1n << 64n, '\ud800']) {
      expect(() => encodeCbor(value)).toThrow(unsupported);
    }
    let deep: CborValue = 0;
    for (let level = 0; level < 10; level += 1) deep = [deep];
    expect(() => encodeCbor(deep)).toThrow(unsupported);
  });
});
