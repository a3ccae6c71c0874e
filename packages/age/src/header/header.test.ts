import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AgeError } from '../errors.ts';
import { asciiBytes, asciiText, joined } from '../text/ascii.ts';
import { type AgeStanza, encodeAgeHeader, headerEnd, headerLimits, parseAgeHeader } from './header.ts';
import { SourceReader } from './source-reader.ts';

const mac = new Uint8Array(32).fill(7);
const word = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 20,
});
const stanza: fc.Arbitrary<AgeStanza> = fc.record({
  type: word,
  args: fc.array(word, { maxLength: 4 }),
  body: fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(47, 48, 49, 96, 1000).map((size) => new Uint8Array(size)),
  ),
});
const write = (stanzas: readonly AgeStanza[]): Uint8Array => joined([encodeAgeHeader(stanzas), headerEnd(mac)]);
const withCode = (code: string) => expect.objectContaining({ code });

describe('the header', () => {
  it('reads back as it was written', () => {
    fc.assert(
      fc.property(fc.array(stanza, { minLength: 1, maxLength: 5 }), (stanzas) => {
        const bytes = write(stanzas);
        const header = parseAgeHeader(bytes);
        expect(header.stanzas).toEqual(stanzas.map(({ body, ...rest }) => ({ ...rest, body: new Uint8Array(body) })));
        expect(header.mac).toEqual(mac);
        expect(joined([header.macInput, headerEnd(header.mac)])).toEqual(bytes);
      }),
    );
  });

  it('has one spelling: what parses is what would be written', () => {
    const bytes = write([{ type: 'X25519', args: ['abc'], body: new Uint8Array(32) }]);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 }), fc.boolean(), (at, byte, isCut) => {
        const changed = isCut ? bytes.slice(0, at) : bytes.map((old, index) => (index === at ? byte : old));
        try {
          const { stanzas, mac: readMac } = parseAgeHeader(changed);
          expect(joined([encodeAgeHeader(stanzas), headerEnd(readMac)])).toEqual(changed);
        } catch (error) {
          if (!(error instanceof AgeError)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['no stanza', 'age-encryption.org/v1\n--- ', 'AGE_HEADER_MALFORMED'],
    ['another version', 'age-encryption.org/v2\n-> X\n\n--- ', 'AGE_VERSION_UNSUPPORTED'],
    ['no version', 'age-encryption.org/\n-> X\n\n--- ', 'AGE_HEADER_MALFORMED'],
    ['another format', 'hello\n', 'AGE_HEADER_MALFORMED'],
    ['nothing', '', 'AGE_HEADER_MALFORMED'],
  ])('refuses %s', (_, text, code) => {
    const bytes = text.endsWith('--- ') ? joined([asciiBytes(text.slice(0, -1)), headerEnd(mac)]) : asciiBytes(text);
    expect(() => parseAgeHeader(bytes)).toThrow(withCode(code));
  });

  it('attack 20: bounds its bytes and its stanzas', async () => {
    expect(() => parseAgeHeader(new Uint8Array(headerLimits.bytes + 1))).toThrow(withCode('AGE_LIMIT'));
    const many = Array.from({ length: headerLimits.stanzas + 1 }, () => ({ type: 'x', args: [], body: mac }));
    expect(() => parseAgeHeader(write(many))).toThrow(withCode('AGE_LIMIT'));
    const endless = (function* () {
      yield asciiBytes('age-encryption.org/v1\n');
      for (;;) yield asciiBytes('-> words\n');
    })();
    await expect(new SourceReader(endless).header()).rejects.toThrow(withCode('AGE_LIMIT'));
  });
});

it('cuts the header off a stream in pieces of any size, and hands on the rest', async () => {
  const header = write([{ type: 'X25519', args: ['abc'], body: new Uint8Array(100) }]);
  const file = joined([header, asciiBytes('--- the rest')]);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1, maxLength: 30 }), async (sizes) => {
      const pieces: Uint8Array[] = [];
      for (let at = 0, turn = 0; at < file.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        pieces.push(file.subarray(at, at + size));
        at += size;
      }
      const reader = new SourceReader(pieces);
      expect(await reader.header()).toEqual(header);
      expect(asciiText(await reader.take(4))).toBe('--- ');
      const rest: Uint8Array[] = [];
      for await (const chunk of reader.rest()) rest.push(chunk);
      expect(asciiText(joined(rest))).toBe('the rest');
    }),
  );
});
