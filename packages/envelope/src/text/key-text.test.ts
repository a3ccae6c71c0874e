import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EnvelopeError } from '../errors.ts';
import { decodeBech32m, encodeBech32m } from './bech32m.ts';
import { formatKeyFile, formatRecipient, generateKey, parseKeyFile, parseRecipient } from './key-text.ts';

const utf8 = new TextEncoder();
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const kind = (name: string) => expect.objectContaining({ kind: name });

describe('Bech32m', () => {
  // The answers of BIP 350 whose payload is whole bytes.
  it.each([
    ['a', 'A1LQFN3A', ''],
    ['a', 'a1lqfn3a', ''],
    ['?', '?1v759aa', ''],
    ['an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber1', undefined, ''],
    ['abcdef', 'abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx', 'ffbbcdeb38bdab49ca307b9ac5a928398a418820'],
  ])('reads the published answer for %s', (prefix, text, hex) => {
    const given = text ?? `${prefix}1sg7hg6`;
    expect(Buffer.from(decodeBech32m(prefix, utf8.encode(given))).toString('hex')).toBe(hex);
    expect(textOf(encodeBech32m(prefix, Buffer.from(hex, 'hex')))).toBe(given.toLowerCase());
  });

  it.each([
    ['a Bech32 checksum of BIP 173', 'a', 'a12uel5l'],
    ['mixed case', 'a', 'A1lqfn3a'],
    ['another prefix', 'b', 'a1lqfn3a'],
    ['no separator', 'a', 'aqlqfn3a'],
    ['a checksum too short', 'a', 'a1lqfn3'],
    ['nothing', 'a', ''],
    ['a character outside the alphabet', 'a', 'a1lqfn3b'],
    ['a wrong character', 'a', 'a1lqfn3q'],
  ])('refuses %s', (_, prefix, text) => {
    expect(() => decodeBech32m(prefix, utf8.encode(text))).toThrow(kind('MALFORMED'));
  });

  it('gives every payload back, and notices every changed character', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(), fc.integer({ min: 1, max: 127 }), (bytes, at, flip) => {
        const text = encodeBech32m('qv', bytes);
        expect(decodeBech32m('qv', text)).toEqual(new Uint8Array(bytes));
        const bad = text.slice();
        bad[at % text.length] = (bad[at % text.length] ?? 0) ^ flip;
        if (textOf(bad).toLowerCase() === textOf(text)) return;
        expect(() => decodeBech32m('qv', bad)).toThrow(EnvelopeError);
      }),
      { numRuns: 300 },
    );
  });
});

describe('recipients and key files', () => {
  const generated = generateKey();
  const text = formatRecipient(generated.recipient);
  const file = formatKeyFile(generated, '2026-11-24T12:00:00Z');

  it('ENV-4: a recipient is one word that begins with qv1 and reads back', () => {
    expect(text).toMatch(/^qv1[02-9ac-hj-np-z]{1950,1960}$/);
    expect(parseRecipient(text)).toEqual(generated.recipient);
    expect(parseRecipient(text.toUpperCase())).toEqual(generated.recipient);
  });

  it('a key file names its recipient and holds the key for it', () => {
    const lines = textOf(file).split('\n');
    expect(lines.slice(0, 2)).toEqual(['# QuantumVault key, created 2026-11-24T12:00:00Z', `# recipient: ${text}`]);
    expect(lines[2]).toMatch(/^QV-SECRET-KEY-[1][02-9AC-HJ-NP-Z]+$/);
    expect(parseKeyFile(file)).toMatchObject([{ type: 'hpke', keyId: generated.recipient.keyId, keyVersion: 1 }]);
    expect(parseKeyFile(utf8.encode(`\r\n  ${lines[2]}\t\r\n`))).toHaveLength(1);
  });

  it.each([
    ['an empty file', '', 'MALFORMED'],
    ['comments alone', '# nothing\n\n', 'MALFORMED'],
    ['a recipient in place of a key', text, 'MALFORMED'],
    ['a cut key', textOf(file).trimEnd().slice(0, -1), 'MALFORMED'],
    ['a key for a later suite', textOf(encodeBech32m('qv-secret-key-', new Uint8Array(33).fill(9))), 'UNSUPPORTED'],
    ['a key of another length', textOf(encodeBech32m('qv-secret-key-', Uint8Array.of(1, 2, 3))), 'MALFORMED'],
    ['too many keys', `${textOf(file).split('\n')[2]}\n`.repeat(65), 'LIMIT'],
    ['too large a file', '#'.repeat(70_000), 'LIMIT'],
    ['too long a line', 'q'.repeat(9000), 'LIMIT'],
  ])('refuses %s', (_, content, expected) => {
    expect(() => parseKeyFile(utf8.encode(content))).toThrow(kind(expected));
  });

  it.each([
    ['white space', ` ${text}`, 'MALFORMED'],
    ['a miscopied character', text.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q')), 'MALFORMED'],
    ['a later suite', textOf(encodeBech32m('qv', new Uint8Array(1217).fill(9))), 'UNSUPPORTED'],
    ['another length', textOf(encodeBech32m('qv', new Uint8Array(1216).fill(1))), 'MALFORMED'],
  ])('refuses a recipient with %s', (_, given, expected) => {
    expect(() => parseRecipient(given)).toThrow(kind(expected));
  });
});
