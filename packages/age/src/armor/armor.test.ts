import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asciiBytes, asciiText, joined } from '../text/ascii.ts';
import { openAnyArmor, openArmor, sealArmor } from './armor.ts';

async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return joined(parts);
}

function* cut(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const armored = (bytes: Uint8Array) => gather(sealArmor([bytes]));
const malformed = expect.objectContaining({ code: 'AGE_ARMOR_MALFORMED' });

it('gives back what it took, whatever the pieces', async () => {
  const sizes = fc.constantFrom(1, 47, 48, 49, 64, 1000);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 500 }), sizes, sizes, async (bytes, inSize, outSize) => {
      const text = await gather(sealArmor(cut(bytes, inSize)));
      expect(text).toEqual(await armored(bytes));
      const lines = asciiText(text).trimEnd().split('\n').slice(1, -1);
      expect(lines.join('')).toBe(Buffer.from(bytes).toString('base64'));
      for (const line of lines.slice(0, -1)) expect(line).toHaveLength(64);
      expect(await gather(openArmor(cut(text, outSize)))).toEqual(new Uint8Array(bytes));
      expect(await gather(openAnyArmor(cut(text, outSize)))).toEqual(new Uint8Array(bytes));
    }),
    { numRuns: 60 },
  );
});

it('hands a binary file on as it is', async () => {
  const bytes = asciiBytes('age-encryption.org/v1\n-----BEGIN');
  expect(await gather(openAnyArmor(cut(bytes, 3)))).toEqual(bytes);
  expect(await gather(openAnyArmor([]))).toEqual(new Uint8Array(0));
});

it.each([
  ['text before it', (text: string) => `hello\n${text}`],
  ['text behind it', (text: string) => `${text}hello`],
  ['a begin line that is indented', (text: string) => ` ${text}`],
  ['a blank behind the end line', (text: string) => text.replace(/\n$/, ' \n')],
  ['lower case', (text: string) => text.replace('BEGIN', 'begin')],
  ['another label', (text: string) => text.replaceAll('AGE ENCRYPTED FILE', 'AGE FILE')],
  ['no end line', (text: string) => text.replace(/-----END.*\n/, '')],
  ['an empty line', (text: string) => text.replace('\n-----END', '\n\n-----END')],
  ['a header of PEM', (text: string) => text.replace('-----\n', '-----\nVersion: 1\n\n')],
  ['a line that is too short', (text: string) => text.replace('AAAA\n', '\n')],
  ['a line that is too long', (text: string) => text.replace('AAAA\nAAAA', 'AAAAAAAA\n')],
  ['no padding', (text: string) => text.replaceAll('=', '')],
  ['white space without end', (text: string) => `${' \n'.repeat(600)}${text}`],
  ['white space without end behind it', (text: string) => `${text}${'\n'.repeat(1100)}`],
])('refuses %s', async (_, change) => {
  const text = asciiText(await armored(new Uint8Array(100)));
  expect(change(text)).not.toBe(text);
  for (const size of [1, 4096]) {
    await expect(gather(openArmor(cut(asciiBytes(change(text)), size)))).rejects.toThrow(malformed);
  }
});

it.each([
  ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
  ['no line feed at the end', (text: string) => text.trimEnd()],
  ['white space around it', (text: string) => `\n \t\r\n${text}\n  \n`],
])('accepts %s', async (_, change) => {
  const bytes = new Uint8Array(100).fill(9);
  const text = asciiBytes(change(asciiText(await armored(bytes))));
  for (const size of [1, 4096]) expect(await gather(openArmor(cut(text, size)))).toEqual(bytes);
});

it('keeps nothing in the memory of its source, which may be used again', async () => {
  const bytes = new Uint8Array(1000).fill(9);
  const text = await armored(bytes);
  const reused = (function* () {
    const memory = Buffer.alloc(7);
    for (let at = 0; at < text.length; at += 7) {
      const part = text.subarray(at, at + 7);
      memory.set(part);
      yield memory.subarray(0, part.length);
      memory.fill(0x20);
    }
  })();
  expect(await gather(openAnyArmor(reused))).toEqual(bytes);
});

it('attack 20: a line without end is refused early', async () => {
  let asked = 0;
  const endless = (function* () {
    for (; asked < 1000; asked += 1) yield new Uint8Array(100).fill(0x41);
  })();
  await expect(gather(openArmor(endless))).rejects.toThrow(malformed);
  expect(asked).toBeLessThan(20);
});
