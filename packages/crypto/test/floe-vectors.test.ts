import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FloeInput, FloeKeys } from '../src/floe/core.ts';
import { FloeReader } from '../src/floe/reader.ts';
import { floeOpen } from '../src/floe/stream.ts';
import { SecretBytes } from '../src/secret-bytes.ts';
import { fromHex, Tally, toHex } from './vectors.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'tests', 'vectors', 'floe');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('_ct.txt'))
  .map((name) => name.slice(0, -'_ct.txt'.length));

function load(name: string): {
  readonly input: FloeInput;
  readonly stream: Uint8Array;
  readonly plaintext: Uint8Array;
} {
  const read = (kind: string): Uint8Array => fromHex(readFileSync(join(folder, `${name}_${kind}.txt`), 'utf8').trim());
  const stream = read('ct');
  const input = {
    key: SecretBytes.take(new Uint8Array(32)),
    aad: new TextEncoder().encode('This is AAD'),
    // The files do not say their segment size in words; a user of FLOE knows it, and here the header is asked.
    segmentBytes: new DataView(stream.buffer, stream.byteOffset).getUint32(2),
    ...(name.includes('rotation') ? { rotationBits: 2 } : {}),
  };
  return { input, stream, plaintext: read('pt') };
}

describe('ENV-2: published FLOE answers of other languages', () => {
  const tally = new Tally('floe');

  it.each(names)('%s opens as a stream, in chunks of any size', async (name) => {
    const { input, stream, plaintext } = load(name);
    for (const chunkBytes of [1, 7, 4096, stream.length]) {
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < stream.length; at += chunkBytes) chunks.push(stream.slice(at, at + chunkBytes));
      const opened: Uint8Array[] = [];
      for await (const part of floeOpen(input, chunks)) opened.push(part);
      expect(toHex(Buffer.concat(opened))).toBe(toHex(plaintext));
    }
    tally.ran();
  });

  it.each(names)('%s opens at every position', async (name) => {
    const { input, stream, plaintext } = load(name);
    const read = async (offset: number, length: number) => stream.slice(offset, offset + length);
    using reader = await FloeReader.open(input, { size: stream.length, read });
    expect(reader.length).toBe(plaintext.length);
    const step = Math.max(1, Math.floor(plaintext.length / 50));
    for (let at = 0; at <= plaintext.length; at += step) {
      const length = Math.min(step * 3, plaintext.length - at);
      expect(toHex(await reader.read(at, length))).toBe(toHex(plaintext.subarray(at, at + length)));
    }
  });

  it('rotation changes the key: with 2^20 segments to a key the rotation files do not open', () => {
    const { input, stream } = load('go_rotation');
    using keys = FloeKeys.read({ ...input, rotationBits: 20 }, stream.subarray(0, 74));
    const segment = (position: number) => [stream.subarray(74 + position * 40, 74 + (position + 1) * 40)];
    expect(keys.open(3, false, segment(3))).toHaveLength(1);
    expect(() => keys.open(4, false, segment(4))).toThrow(
      expect.objectContaining({ code: 'CRYPTO_AUTHENTICATION_FAILED' }),
    );
  });

  it('all of them ran', () => {
    expect(tally.report()).toBe(11);
  });
});
