import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatBytes, formatInstant } from './format.ts';
import { Output } from './output.ts';
import { Progress } from './progress.ts';
import { cutTo, displayWidth, safeJson, safeLines, safeText } from './safe-text.ts';
import { printFields, printTable } from './table.ts';

function memory(isTerminal = false, columns = 40) {
  let text = '';
  const sink = {
    write: (part: string) => {
      text += part;
    },
    isTerminal,
    columns,
  };
  return { output: new Output({ out: sink, err: sink, allowsColours: false }), text: () => text };
}

it('safe text holds nothing that a terminal obeys, whatever it was made from', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(safeText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(safeLines(text).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});

it('safe JSON means the same and holds no control character', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
      const json = safeJson([value, text, '\u009b2J\u202e']);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify([value, text, '\u009b2J\u202e'])));
      expect(json.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});

it('a cut text never needs more columns than it was given', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, width) => {
      expect(displayWidth(cutTo(text, width))).toBeLessThanOrEqual(width);
    }),
  );
});

it('aligns columns by what is seen', () => {
  const { output, text } = memory();
  printTable(
    output,
    [{ title: 'NAME' }, { title: 'N', align: 'right' }, { title: 'WHY' }],
    [
      ['鍵', '1', 'wide'],
      ['abcdef', '123', 'x'],
    ],
  );
  expect(text()).toBe('NAME      N  WHY\n鍵        1  wide\nabcdef  123  x\n');
});

it('cuts the last column to a terminal and to nothing else', () => {
  const rows = [['id', 'x'.repeat(100)]] as const;
  const columns = [{ title: 'ID' }, { title: 'NAME' }];
  const terminal = memory(true);
  printTable(terminal.output, columns, rows);
  expect(terminal.text().split('\n')[1]).toBe(`id  ${'x'.repeat(35)}…`);
  const pipe = memory();
  printTable(pipe.output, columns, rows);
  expect(pipe.text()).toContain('x'.repeat(100));
});

it('a value with a line break cannot forge a second line', () => {
  const { output, text } = memory();
  printFields(output, [['name', 'a\nrisk  0.0 low']]);
  expect(text().trimEnd().split('\n')).toHaveLength(1);
});

it('progress says each state once where there is no terminal', () => {
  const { output, text } = memory();
  const progress = new Progress(output);
  for (const percent of [0, 0, 40, 40, 100]) progress.update(percent, 'job');
  progress.end();
  expect(text()).toBe('  0%  job\n 40%  job\n100%  job\n');
});

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [157_286_400, '150 MiB'],
])('%d bytes are %s', (bytes, shown) => {
  expect(formatBytes(bytes)).toBe(shown);
});

it('instants are shown to the second, in UTC', () => {
  expect(formatInstant('2026-11-24T11:59:58.123Z')).toBe('2026-11-24 11:59:58Z');
  expect(formatInstant(null)).toBe('-');
});
