import { expect, it } from 'vitest';
import { SecretBytes } from '../secret-bytes.ts';
import { floeOpenSingle, floeSealSingle } from './single.ts';
import { floeOpen, floeSeal } from './stream.ts';

function sealSingle(plaintext: Uint8Array): Uint8Array {
  const out = new Uint8Array(plaintext.length + 106);
  floeSealSingle(input, plaintext, out, 0);
  return out;
}

const key = SecretBytes.random(32);
const aad = new TextEncoder().encode('row 7');
const input = { key, aad, segmentBytes: 100 };

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

it('ENV-3: one segment at once has the bytes of the stream, in both directions', async () => {
  for (const length of [0, 1, 67, 68]) {
    const plaintext = new Uint8Array(length).fill(length);
    expect(await collect(floeOpen(input, [sealSingle(plaintext)]))).toEqual(plaintext);
    expect(floeOpenSingle(input, await collect(floeSeal(input, [plaintext])))).toEqual(plaintext);
  }
});

it('ENV-3: what is no single segment is refused', async () => {
  const code = (name: string) => expect.objectContaining({ code: name });
  expect(() => sealSingle(new Uint8Array(69))).toThrow(code('CRYPTO_LIMIT'));
  const two = await collect(floeSeal(input, [new Uint8Array(69)]));
  expect(() => floeOpenSingle(input, two)).toThrow(code('CRYPTO_AUTHENTICATION_FAILED'));
  const sealed = sealSingle(aad);
  expect(() => floeSealSingle(input, aad, new Uint8Array(aad.length + 105), 0)).toThrow(code('CRYPTO_MALFORMED'));
  for (let length = 0; length < sealed.length; length += 1) {
    expect(() => floeOpenSingle(input, sealed.subarray(0, length))).toThrow(code('CRYPTO_TRUNCATED'));
  }
  for (let at = 0; at < sealed.length; at += 1) {
    expect(() => floeOpenSingle(input, sealed.with(at, (sealed[at] ?? 0) ^ 1))).toThrow();
  }
  const other = { ...input, segmentBytes: 101 };
  expect(() => floeOpenSingle(other, sealed)).toThrow(code('CRYPTO_SUITE_UNSUPPORTED'));
});
