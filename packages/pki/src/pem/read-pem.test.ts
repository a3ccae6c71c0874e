import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pemLimits, readPem } from './read-pem.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const block = (label: string, body: string) => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;

/** `line label content`, the content in hex or as the reason why there is none. */
const blocksOf = (text: string) =>
  readPem(bytes(text)).blocks.map(
    ({ line, label, content }) =>
      `${line} ${label} ${typeof content === 'string' ? content : Buffer.from(content).toString('hex')}`,
  );

describe('INV-4: PEM', () => {
  it.each([
    ['a block alone', block('A', 'AQID'), ['1 A 010203']],
    ['without a line break at the end', block('A', 'AQID').trimEnd(), ['1 A 010203']],
    ['CRLF', block('A', 'AQID').replaceAll('\n', '\r\n'), ['1 A 010203']],
    ['lone CR', `x\n${block('A', 'AQID')}`.replaceAll('\n', '\r'), ['2 A 010203']],
    ['text around it', `words\n\n${block('A', 'AQID')}words\n${block('B C', 'BA==')}`, ['3 A 010203', '7 B C 04']],
    ['indented, as inside YAML', block('A', 'AQ\nID').replaceAll(/^/gm, '    '), ['1 A 010203']],
    ['blanks behind its lines', block('A', 'AQID').replaceAll('\n', '  \n'), ['1 A 010203']],
    ['a mark in the middle of a line is text', `see -----BEGIN A-----\nAQID\n-----END A-----\n`, []],
    ['dashes before it', `----------\n${block('A', 'AQID')}`, ['2 A 010203']],
    ['END without BEGIN', `-----END A-----\n${block('A', 'AQID')}`, ['2 A 010203']],
    ['the END of another label', `-----BEGIN A-----\nAQID\n-----END B-----\n`, ['1 A The block does not end.']],
    [
      'BEGIN inside a block ends it',
      `-----BEGIN A-----\nAQID\n${block('B', 'BA==')}`,
      ['1 A The block does not end.', '3 B 04'],
    ],
    ['no base64', block('A', 'AQ*D'), ['1 A What is in the block is not base64.']],
    ['empty', block('A', ''), ['1 A What is in the block is not base64.']],
    ['lower case is no label', block('a', 'AQID'), []],
  ])('%s', (_, text, expected) => expect(blocksOf(text)).toEqual(expected));

  it('keeps the headers of RFC 1421 apart from the content', () => {
    const text = block('RSA PRIVATE KEY', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAQID');
    expect(readPem(bytes(text)).blocks[0]).toMatchObject({
      headers: ['Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES-128-CBC,00'],
      content: Uint8Array.of(1, 2, 3),
    });
  });

  it('attack 20: a limit on blocks and on their size, and both are said', () => {
    const one = block('A', 'AQID');
    const many = readPem(bytes(one.repeat(pemLimits.blocksMax + 3)));
    expect(many.blocks).toHaveLength(pemLimits.blocksMax);
    expect(many.unreadFrom).toBe(pemLimits.blocksMax * 3 + 1);
    const [large] = readPem(bytes(block('A', 'A'.repeat(pemLimits.bodyCharactersMax)))).blocks;
    expect(large?.content).toMatch(/^The block has more than \d+ characters\.$/);
  });

  it('finds each block again, in order and on its line, whatever stands between them', () => {
    const content = fc.uint8Array({ minLength: 1, maxLength: 200 });
    const between = fc.array(fc.constantFrom('', 'words', '# -----', '---', 'a: b'), { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(between, content), { maxLength: 6 }),
        fc.integer({ min: 4, max: 76 }),
        (list, width) => {
          let text = '';
          const expected = list.map(([words, written]) => {
            text += words.map((word) => `${word}\n`).join('');
            const line = text.split('\n').length;
            const base64 =
              Buffer.from(written)
                .toString('base64')
                .match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
            text += block('X', base64.join('\n'));
            return { label: 'X', line, headers: [], content: written };
          });
          expect(readPem(bytes(text))).toEqual({ blocks: expected, unreadFrom: null });
        },
      ),
    );
  });
});
