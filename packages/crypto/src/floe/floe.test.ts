import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SecretBytes } from '../secret-bytes.ts';
import { ByteQueue } from './byte-queue.ts';
import { type FloeInput, FloeKeys, floeSizes } from './core.ts';
import { FloeReader } from './reader.ts';
import { type ByteSource, floeOpen, floeSeal } from './stream.ts';

const segmentBytes = 40; // 8 bytes of plaintext in each
const headerBytes = floeSizes.header;
const utf8 = new TextEncoder();

function input(): FloeInput {
  return { key: SecretBytes.random(32), aad: utf8.encode('context'), segmentBytes };
}

async function collect(source: ByteSource): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk.slice());
  return new Uint8Array(Buffer.concat(chunks));
}

/** What came out before the error, and the error's code. */
async function refused(how: FloeInput, stream: Uint8Array): Promise<{ released: Uint8Array; code: unknown }> {
  const released: Uint8Array[] = [];
  try {
    for await (const chunk of floeOpen(how, [stream])) released.push(chunk);
  } catch (error) {
    const code = error instanceof Error ? Reflect.get(error, 'code') : error;
    return { released: new Uint8Array(Buffer.concat(released)), code };
  }
  return { released: new Uint8Array(Buffer.concat(released)), code: undefined };
}

async function sample(plaintext: Uint8Array): Promise<{ how: FloeInput; stream: Uint8Array }> {
  const how = input();
  return { how, stream: await collect(floeSeal(how, [plaintext])) };
}

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.slice(at, at + size));
    at += size;
  }
  return [...chunks, bytes.slice(at)];
}

const random = (source: Uint8Array, how: FloeInput): Promise<FloeReader> =>
  FloeReader.open(how, { size: source.length, read: async (at, length) => source.slice(at, at + length) });

const failed = 'CRYPTO_AUTHENTICATION_FAILED';
const truncated = 'CRYPTO_TRUNCATED';
const plaintext = Uint8Array.from({ length: 20 }, (_, index) => index + 1); // segments of 8, 8 and 4 bytes

describe('ENV-2: FLOE', () => {
  it('opens what it sealed, for every length and every cutting of both sides', async () => {
    const chunkSizes = fc.array(fc.nat({ max: 60 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), chunkSizes, chunkSizes, async (bytes, inSizes, outSizes) => {
        const how = input();
        const stream = await collect(floeSeal(how, cut(bytes, inSizes)));
        const segments = Math.max(1, Math.ceil(bytes.length / 8));
        expect(stream).toHaveLength(headerBytes + bytes.length + segments * floeSizes.segmentOverhead);
        expect(await collect(floeOpen(how, cut(stream, outSizes)))).toEqual(new Uint8Array(bytes));
      }),
    );
  });

  it('ENV-5: reads every range as the plaintext has it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), fc.nat(), fc.nat(), async (bytes, from, most) => {
        const { how, stream } = await sample(bytes);
        using reader = await random(stream, how);
        expect(reader.length).toBe(bytes.length);
        const position = from % (bytes.length + 1);
        const length = most % (bytes.length - position + 1);
        expect(await reader.read(position, length)).toEqual(
          new Uint8Array(bytes.subarray(position, position + length)),
        );
        await expect(reader.read(position, bytes.length - position + 1)).rejects.toMatchObject({
          code: 'CRYPTO_LIMIT',
        });
      }),
    );
  });

  it('ENV-5: each flipped bit is refused before its segment is released', async () => {
    const { how, stream } = await sample(plaintext);
    for (let bit = 0; bit < stream.length * 8; bit += 1) {
      const at = bit >> 3;
      const bad = stream.slice();
      bad[at] = (bad[at] ?? 0) ^ (1 << (bit & 7));
      const { released, code } = await refused(how, bad);
      const whole = at < headerBytes ? 0 : Math.floor((at - headerBytes) / segmentBytes);
      expect([bit, code === undefined]).toEqual([bit, false]);
      expect(released).toEqual(plaintext.subarray(0, whole * 8));
      if (at >= 10) expect([bit, [failed, truncated].includes(String(code))]).toEqual([bit, true]);
    }
  });

  it('ENV-5: each truncation and each extension is refused, and whole segments alone came out', async () => {
    const { how, stream } = await sample(plaintext);
    for (let length = 0; length < stream.length; length += 1) {
      const { released, code } = await refused(how, stream.subarray(0, length));
      expect([length, code]).toEqual([length, truncated]);
      expect(released.length % 8).toBe(0);
      expect(released).toEqual(plaintext.subarray(0, released.length));
      if (length < headerBytes) continue;
      const opened = random(stream.slice(0, length), how).then((reader) => reader.length);
      await expect(opened).rejects.toMatchObject({ code: expect.stringMatching(/^CRYPTO_(TRUNC|AUTH)/) });
    }
    for (let more = 1; more <= 90; more += 1) {
      const { released, code } = await refused(how, new Uint8Array([...stream, ...new Uint8Array(more)]));
      expect([more, code, released.length]).toEqual([more, failed, 16]);
    }
  });

  it('ENV-5: segments reordered, doubled, left out or taken from another stream are refused', async () => {
    const { how, stream } = await sample(plaintext);
    const other = await collect(floeSeal(how, [plaintext]));
    const header = stream.subarray(0, headerBytes);
    const segmentOf = (from: Uint8Array, index: number): Uint8Array =>
      from.subarray(headerBytes + index * segmentBytes, headerBytes + (index + 1) * segmentBytes);
    const [first, second, last] = [0, 1, 2].map((index) => segmentOf(stream, index));
    const orders = [
      [second, first, last],
      [first, first, second, last],
      [first, last],
      [second, last],
      [last],
      [first, last, second],
      [first, second, last, last],
      [segmentOf(other, 0), second, last],
      [first, second, segmentOf(other, 2)],
    ];
    for (const order of orders) {
      const bad = new Uint8Array(Buffer.concat([header, ...order.map((part) => part ?? new Uint8Array(0))]));
      const { released, code } = await refused(how, bad);
      expect(code).toBe(failed);
      expect(released).toEqual(plaintext.subarray(0, released.length));
    }
  });

  it('another key, other additional data and another segment size are refused at the header', async () => {
    const { how, stream } = await sample(plaintext);
    for (const wrong of [
      { ...how, key: SecretBytes.random(32) },
      { ...how, aad: utf8.encode('context2') },
    ]) {
      expect(await refused(wrong, stream)).toEqual({ released: new Uint8Array(0), code: failed });
    }
    expect((await refused({ ...how, segmentBytes: 48 }, stream)).code).toBe('CRYPTO_SUITE_UNSUPPORTED');
    expect((await refused({ ...how, key: SecretBytes.random(16) }, stream)).code).toBe('CRYPTO_KEY_INVALID');
    for (const size of [0, 32, floeSizes.segmentMax + 1, 40.5, Number.NaN]) {
      expect((await refused({ ...how, segmentBytes: size }, stream)).code).toBe('CRYPTO_LIMIT');
    }
  });

  it('a segment in the middle is full, and a position has its limit', () => {
    using keys = FloeKeys.create(input());
    const limit = expect.objectContaining({ code: 'CRYPTO_LIMIT' });
    expect(() => keys.seal(0, false, [new Uint8Array(7)])).toThrow(limit);
    expect(() => keys.seal(0, true, [new Uint8Array(9)])).toThrow(limit);
    expect(() => keys.seal(2 ** 40 - 1, false, [new Uint8Array(8)])).toThrow(limit);
    expect(() => keys.seal(2 ** 40, true, [])).toThrow(limit);
    expect(keys.seal(2 ** 40 - 1, true, []).length).toBeGreaterThan(0);
  });

  it('lets go of its keys when the consumer stops early, and closes the source', async () => {
    let isClosed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(100);
      } finally {
        isClosed = true;
      }
    }
    for await (const chunk of floeSeal(input(), endless())) {
      if (chunk.length === headerBytes) continue;
      break;
    }
    expect(isClosed).toBe(true);
  });

  it('keys that were disposed open and seal nothing', () => {
    const keys = FloeKeys.create(input());
    keys.dispose();
    expect(() => keys.seal(0, true, [])).toThrow(expect.objectContaining({ code: 'CRYPTO_SECRET_DISPOSED' }));
  });
});

describe('a byte queue', () => {
  it('gives back what came in, in order, whatever the pieces', () => {
    const step = fc.oneof(
      fc.record({ push: fc.oneof(fc.nat({ max: 50 }), fc.integer({ min: 4000, max: 70_000 })) }),
      fc.record({ take: fc.nat({ max: 90_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const queue = new ByteQueue();
        let [pushed, taken] = [0, 0];
        for (const action of steps) {
          if ('push' in action) {
            queue.push(Uint8Array.from({ length: action.push }, (_, index) => (pushed + index) % 251));
            pushed += action.push;
            continue;
          }
          const count = Math.min(action.take, queue.length);
          const ahead = queue.peekBytes(count);
          const out = Buffer.concat(queue.take(count));
          expect(out.equals(ahead)).toBe(true);
          expect(out.every((byte, index) => byte === (taken + index) % 251)).toBe(true);
          taken += count;
          expect(queue.length).toBe(pushed - taken);
        }
        expect(() => queue.take(queue.length + 1)).toThrow(RangeError);
      }),
    );
  });

  it('keeps a million single bytes in few pieces', () => {
    const queue = new ByteQueue();
    for (let count = 0; count < 1_000_000; count += 1) queue.push(Uint8Array.of(count & 0xff));
    expect(queue.take(1_000_000).length).toBeLessThan(20);
  });
});
