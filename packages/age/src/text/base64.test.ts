import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, encodeBase64 } from './base64.ts';

const utf8 = new TextEncoder();
const ascii = new TextDecoder('latin1');

describe.each([true, false])('base64, padded: %s', (isPadded) => {
  it('writes what the runtime writes, and reads it back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const whole = Buffer.from(bytes).toString('base64');
        const text = encodeBase64(bytes, { isPadded });
        expect(ascii.decode(text)).toBe(isPadded ? whole : whole.replace(/=+$/, ''));
        expect(decodeBase64(text, { isPadded })).toEqual(new Uint8Array(bytes));
      }),
    );
  });

  it('gives bytes one text: whatever else is read is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'AQZaz09+/=-_ \n\r'), maxLength: 12 }), (text) => {
        const bytes = decodeBase64(utf8.encode(text), { isPadded });
        if (bytes !== undefined) expect(ascii.decode(encodeBase64(bytes, { isPadded }))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});

it.each(['A', 'AB==C', 'QQ=', 'QR==', 'QUJ=', '=', '====', 'Q===', 'QQ==QQ==', 'QU I', 'QUI\n', 'QU-_'])(
  'refuses %j with padding',
  (text) => expect(decodeBase64(utf8.encode(text), { isPadded: true })).toBeUndefined(),
);

it.each(['A', 'QQ==', 'QR', 'QUJ', 'QUJDR', 'QU\r', 'QÜ'])('refuses %j without padding', (text) =>
  expect(decodeBase64(utf8.encode(text), { isPadded: false })).toBeUndefined(),
);
