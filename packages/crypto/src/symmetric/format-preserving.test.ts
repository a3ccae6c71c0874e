import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findAlgorithm } from '../registry/registry.ts';
import { SecretBytes } from '../secret-bytes.ts';
import { formatPreservingDecrypt, formatPreservingEncrypt } from './format-preserving.ts';

const withCode = (code: string) => expect.objectContaining({ code });
const utf8 = new TextEncoder();
const digits = '0123456789';
const tweak = utf8.encode('customers.card 17');
const input = (change: Partial<Parameters<typeof formatPreservingEncrypt>[0]> = {}) => ({
  key: SecretBytes.take(new Uint8Array(32).fill(7)),
  tweak,
  alphabet: digits,
  text: '4111111111111111',
  ...change,
});

describe('CRY-7: FF1', () => {
  // NIST SP 800-38G examples, FF1 sample 7 and 8: AES-256.
  it.each([
    ['0123456789', '', '0123456789', '6657667009'],
    ['0123456789', '39383736353433323130', '0123456789', '1001623463'],
    ['0123456789abcdefghijklmnopqrstuvwxyz', '3737373770717273373737', '0123456789abcdefghi', 'xs8a0azh2avyalyzuwd'],
  ])('is the sample of NIST over %s with tweak "%s"', (alphabet, tweakHex, text, expected) => {
    const bytes = Buffer.from('2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94', 'hex');
    using key = SecretBytes.take(new Uint8Array(bytes));
    const how = { key, alphabet, tweak: new Uint8Array(Buffer.from(tweakHex, 'hex')) };
    expect(formatPreservingEncrypt({ ...how, text })).toBe(expected);
    expect(formatPreservingDecrypt({ ...how, text: expected })).toBe(text);
  });

  it('keeps length and alphabet, and decrypts to the text, for every alphabet of code points', () => {
    const alphabets = fc
      .uniqueArray(fc.string({ unit: 'grapheme-composite', minLength: 1, maxLength: 1 }), {
        minLength: 10,
        maxLength: 60,
      })
      .map((list) => [...new Set(list.flatMap((text) => [...text]))])
      .filter((list) => list.length >= 10);
    fc.assert(
      fc.property(alphabets, fc.array(fc.nat(), { minLength: 6, maxLength: 40 }), (characters, picks) => {
        const text = picks.map((pick) => characters[pick % characters.length]).join('');
        const how = input({ alphabet: characters.join(''), text });
        const encrypted = formatPreservingEncrypt(how);
        expect([...encrypted]).toHaveLength([...text].length);
        for (const character of encrypted) expect(characters).toContain(character);
        expect(formatPreservingDecrypt({ ...how, text: encrypted })).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  it('another key or tweak is another text, without any error', () => {
    const encrypted = formatPreservingEncrypt(input());
    expect(formatPreservingEncrypt(input())).toBe(encrypted);
    expect(formatPreservingEncrypt(input({ tweak: utf8.encode('other') }))).not.toBe(encrypted);
    expect(formatPreservingDecrypt(input({ text: encrypted, key: SecretBytes.random(32) }))).not.toBe(input().text);
  });

  it.each([
    ['10 to the power 5', digits, '12345'],
    ['2 to the power 19', '01', '0'.repeat(19)],
    ['1024 to the power 1', String.fromCodePoint(...Array.from({ length: 1024 }, (_, at) => 0x4e00 + at)), '\u4e00'],
    ['nothing', digits, ''],
  ])('fewer than a million possible values are refused: %s', (_, alphabet, text) => {
    expect(() => formatPreservingEncrypt(input({ alphabet, text }))).toThrow(withCode('CRYPTO_LIMIT'));
    expect(() => formatPreservingDecrypt(input({ alphabet, text }))).toThrow(withCode('CRYPTO_LIMIT'));
  });

  it('a million is enough', () => {
    for (const [alphabet, text] of [
      [digits, '000000'],
      ['01', '0'.repeat(20)],
    ] as const) {
      const how = input({ alphabet, text });
      expect(formatPreservingDecrypt({ ...how, text: formatPreservingEncrypt(how) })).toBe(text);
    }
  });

  it.each([
    ['a character outside the alphabet', { text: '411111111111111x' }, 'CRYPTO_MALFORMED'],
    ['a character twice', { alphabet: '0123456789 0' }, 'CRYPTO_MALFORMED'],
    ['an unpaired surrogate', { alphabet: '0123456789\ud800' }, 'CRYPTO_MALFORMED'],
    ['one character', { alphabet: '0', text: '000000' }, 'CRYPTO_LIMIT'],
    ['a long text', { text: '1'.repeat(1025) }, 'CRYPTO_LIMIT'],
    ['a very long text', { text: '1'.repeat(1_000_000) }, 'CRYPTO_LIMIT'],
    ['a long tweak', { tweak: new Uint8Array(257) }, 'CRYPTO_LIMIT'],
    ['a large alphabet', { alphabet: 'x'.repeat(10_000) }, 'CRYPTO_LIMIT'],
    ['a key of 128 bits', { key: SecretBytes.random(16) }, 'CRYPTO_KEY_INVALID'],
    ['no tweak', { tweak: undefined as unknown as Uint8Array }, 'CRYPTO_OPTION_UNSUPPORTED'],
  ] as const)('%s is refused', (_, change, code) => {
    expect(() => formatPreservingEncrypt(input(change))).toThrow(withCode(code));
  });

  it('smaller keys read, and never write', () => {
    // NIST SP 800-38G, FF1 sample 1: AES-128.
    const bytes = Buffer.from('2B7E151628AED2A6ABF7158809CF4F3C', 'hex');
    using key = SecretBytes.take(new Uint8Array(bytes));
    const how = input({ key, tweak: new Uint8Array(0), text: '2433477484' });
    expect(formatPreservingDecrypt(how)).toBe('0123456789');
    expect(() => formatPreservingEncrypt(how)).toThrow(withCode('CRYPTO_KEY_INVALID'));
    for (const length of [0, 15, 17, 31, 33]) {
      expect(() => formatPreservingDecrypt({ ...how, key: SecretBytes.random(length) })).toThrow(
        withCode('CRYPTO_KEY_INVALID'),
      );
    }
  });

  it('CRY-9: FF3-1 is known and disallowed, and nothing offers it', () => {
    expect(findAlgorithm('FF1')).toMatchObject({ implementation: 'library' });
    expect(findAlgorithm('FF3-1')).toMatchObject({ implementation: 'not-offered', status: { kind: 'disallowed' } });
  });
});
