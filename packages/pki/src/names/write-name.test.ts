import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derTag, hex, readDer } from '../der/reader.ts';
import { PkiError } from '../errors.ts';
import { formatName } from './distinguished-name.ts';
import { isSameName, writeName } from './write-name.ts';

const content = (text: string): Uint8Array => readDer(writeName(text), derTag.sequence).content;

describe('PKI-1: names', () => {
  it.each([
    'CN=a.example',
    'CN=a.example,O=Example\\, Inc.,C=DE',
    'CN=Prüfstelle,OU=\\#1,O=a\\+b',
    'CN=one+OU=two,DC=example,DC=org',
    '',
  ])('%s is written and read back as it was', (text) => expect(formatName(content(text))).toBe(text));

  it('a string in #hex, as other types are shown, is written anew', () => {
    const mail = content('1.2.840.113549.1.9.1=a@example.org');
    expect(formatName(mail)).toBe('1.2.840.113549.1.9.1=#160d61406578616d706c652e6f7267');
    expect(content(formatName(mail))).toEqual(mail);
  });

  it('the order of encoding is the reverse of the text, and countries and domains have their own string types', () => {
    expect(hex(writeName('DC=org,C=DE'))).toBe(
      '3022310b3009060355040613024445311330110' + '60a0992268993f22c64011916036f7267',
    );
  });

  it('values of any text come back', () => {
    const value = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => text.isWellFormed() && !/[\p{C}\p{Z}]/u.test(text) && [...text].length <= 64);
    fc.assert(
      fc.property(value, (text) => {
        const escaped = text.replace(/["+,;<>\\#=]/g, (character) => `\\${character}`);
        const name = content(`CN=${escaped}`);
        expect(content(formatName(name))).toEqual(name);
      }),
    );
  });

  it.each([
    'a.example',
    '=x',
    'XX=1',
    'CN=',
    `CN=${'a'.repeat(65)}`,
    'C=de',
    'C=DEU',
    'CN=a"b',
    'CN=a\\',
    'CN=a\\zz',
    'CN=#04024869',
    'CN=#0c',
    'CN=#0g',
    'CN=a\u0007b',
    'CN=\\ff',
    'DC=ü',
    Array.from({ length: 33 }, () => 'OU=a').join(','),
  ])('%j is refused', (text) => {
    expect(() => writeName(text)).toThrow(PkiError);
    expect(() => writeName(text)).toThrow(expect.objectContaining({ code: 'PKI_INPUT_INVALID' }));
  });

  it.each([
    ['CN=Example CA,C=DE', 'CN=EXAMPLE  ca,C=DE', true],
    ['CN=Example CA', 'CN=ExampleCA', false],
    ['CN=a,O=b', 'O=b,CN=a', false],
    ['CN=a+O=b', 'O=b+CN=a', true],
    ['CN=a', 'O=a', false],
    ['', 'CN=a', false],
  ])('%s and %s are one name: %s', (left, right, same) => {
    expect(isSameName(content(left), content(right))).toBe(same);
  });
});
