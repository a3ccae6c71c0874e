import { expect, it } from 'vitest';
import { readSecretLine } from './secret-line.ts';

async function* keyboard(...chunks: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield new TextEncoder().encode(chunk);
}
const typed = async (...chunks: readonly string[]): Promise<string> =>
  new TextDecoder().decode(await readSecretLine(keyboard(...chunks)));

it.each([
  ['a line', ['hunter', '2\r'], 'hunter2'],
  ['an empty line', ['\r'], ''],
  ['a correction', ['horsf\u007fe\n'], 'horse'],
  ['a correction of a character with several bytes', ['pä\u007fa€\bs\r'], 'pas'],
  ['more corrections than characters', ['a\u007f\u007f\u007fb\r'], 'b'],
  ['a cleared line', ['wrong\u0015right\r'], 'right'],
  ['control characters', ['a\u0001\u001bb\r'], 'ab'],
])('reads %s', async (_, chunks, expected) => {
  expect(await typed(...chunks)).toBe(expected);
});

it.each([
  ['Ctrl-D', '\u0004'],
  ['the end of the terminal', 'abc'],
  ['more than 1024 bytes', `${'a'.repeat(1025)}\r`],
])('gives no passphrase at %s', async (_, text) => {
  await expect(typed(text)).rejects.toMatchObject({ code: 'CLI_WRONG_USE' });
});

it('stops the command at Ctrl-C, as the signal would', async () => {
  await expect(typed('abc\u0003')).rejects.toMatchObject({ code: 'CLI_INTERRUPTED', exitCode: 130 });
});
