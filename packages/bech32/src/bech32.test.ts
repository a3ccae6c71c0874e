import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBech32, encodeBech32 } from './bech32.ts';

const utf8 = new TextEncoder();
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const invalid = expect.objectContaining({ code: 'BECH32_INVALID' });

describe('Bech32', () => {
  // The answers of BIP 173 whose payload is whole bytes.
  it.each([
    ['a', 'A12UEL5L', ''],
    ['abcdef', 'abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw', '00443214c74254b635cf84653a56d7c675be77df'],
    [
      'split',
      'split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w',
      'c5f38b70305f519bf66d85fb6cf03058f3dde463ecd7918f2dc743918f2d',
    ],
  ])('reads the published answer for %s', (prefix, text, hex) => {
    expect(Buffer.from(decodeBech32('bech32', prefix, utf8.encode(text))).toString('hex')).toBe(hex);
    expect(textOf(encodeBech32('bech32', prefix, Buffer.from(hex, 'hex')))).toBe(text.toLowerCase());
  });

  it.each([
    ['a Bech32m checksum', 'a', 'a1lqfn3a'],
    ['mixed case', 'a', 'A12uel5l'],
    ['a wrong character', 'a', 'a12uel5q'],
    ['a prefix that goes on', 'age', 'agepq12uel5l'],
  ])('refuses %s', (_, prefix, text) => {
    expect(() => decodeBech32('bech32', prefix, utf8.encode(text))).toThrow(invalid);
  });

  it('gives every payload back in both variants, and takes neither for the other', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1300 }), (bytes) => {
        for (const [variant, other] of [
          ['bech32', 'bech32m'],
          ['bech32m', 'bech32'],
        ] as const) {
          const text = encodeBech32(variant, 'age1pq', bytes);
          expect(decodeBech32(variant, 'age1pq', text)).toEqual(new Uint8Array(bytes));
          expect(() => decodeBech32(other, 'age1pq', text)).toThrow(invalid);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('attack 20: a text longer than any key is refused before work', () => {
    const long = utf8.encode(`a1${'q'.repeat(9000)}`);
    expect(() => decodeBech32('bech32', 'a', long)).toThrow(expect.objectContaining({ code: 'BECH32_LIMIT' }));
  });
});
