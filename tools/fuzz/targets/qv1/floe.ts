import { FloeKeys, floeSizes } from '../../../../packages/crypto/src/floe/core.ts';
import { CryptoError, FloeReader, floeOpen, floeSeal, SecretBytes } from '../../../../packages/crypto/src/index.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { begins, chunks, promise, same, unlessRefusedLater } from '../outcome.ts';
import { content, segmentBytes } from './samples.ts';

const key = SecretBytes.take(new Uint8Array(32).fill(9));
const input = { key, aad: new Uint8Array(48).fill(3), segmentBytes };
/** As many as four bits can name. */
const segmentsMax = 16;
const plainBytes = segmentBytes - floeSizes.segmentOverhead;
/** What the first byte chooses. */
const modes = { stream: 0, ranges: 1, segments: 2 } as const;

interface Opened {
  readonly out: Uint8Array;
  /** It ended without an error. */
  readonly isComplete: boolean;
}

async function openAll(bytes: Uint8Array): Promise<Opened> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const ended = await unlessRefusedLater(CryptoError, async () => {
    for await (const piece of floeOpen(input, chunks(bytes))) {
      pieces.push(piece);
      length += piece.length;
      promise(length <= bytes.length, 'more came out than went in');
    }
    return true;
  });
  return { out: new Uint8Array(Buffer.concat(pieces)), isComplete: ended === true };
}

async function readRanges(bytes: Uint8Array): Promise<void> {
  const source = {
    size: bytes.length,
    read: (offset: number, length: number) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
  using reader = await FloeReader.open(input, source);
  const from = (bytes.at(-1) ?? 0) % (reader.length + 1);
  const part = await reader.read(from, reader.length - from);
  promise(begins(content.subarray(from), part), 'a range gave something else than the content');
}

/**
 * Genuine segments of one stream in an order that the input chooses: each byte names a position, and whether it is
 * sealed as the last one. Only 0, 1, 2 ... in order may come out.
 */
async function openSegments(order: Uint8Array): Promise<void> {
  using keys = FloeKeys.create(input);
  const parts = [keys.header];
  const last = Math.min(order.length, segmentsMax) - 1;
  let [good, isInOrder, isWhole] = [0, true, false];
  for (const [at, choice] of order.subarray(0, segmentsMax).entries()) {
    const [position, isFinal] = [choice & 0x0f, (choice & 0x10) !== 0];
    const piece = content.subarray(position * plainBytes, (position + 1) * plainBytes);
    parts.push(...keys.seal(position, isFinal, [piece]));
    // A segment in its place is genuine even when the stream is cut behind it; only the last one makes it whole.
    isInOrder = isInOrder && position === at && (!isFinal || at === last);
    if (isInOrder) good += piece.length;
    isWhole = isInOrder && isFinal;
  }
  const { out, isComplete } = await openAll(new Uint8Array(Buffer.concat(parts)));
  promise(same(out, content.subarray(0, Math.min(out.length, good))), 'a segment came out in a wrong place');
  promise(isComplete === isWhole, isWhole ? 'a whole stream did not open' : 'a stream with gaps opened');
}

async function sample(length: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of floeSeal(input, [content.subarray(0, length)])) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

export async function makeTarget(): Promise<FuzzTarget> {
  const streams = await Promise.all([0, 1, plainBytes, 70, 200].map(sample));
  return {
    bytesMax: 1024,
    samples: [
      ...streams.map((stream) => Uint8Array.of(modes.stream, ...stream)),
      ...streams.map((stream) => Uint8Array.of(modes.ranges, ...stream)),
      Uint8Array.of(modes.segments, 0, 1, 2, 0x13),
      Uint8Array.of(modes.segments, 0, 1, 1, 0x12),
    ],
    async run(bytes) {
      const [mode = 0] = bytes;
      const rest = bytes.subarray(1);
      if (mode % 3 === modes.segments) return openSegments(rest);
      if (mode % 3 === modes.ranges) {
        await unlessRefusedLater(CryptoError, () => readRanges(rest));
        return;
      }
      promise(begins(content, (await openAll(rest)).out), 'something else than the content came out');
    },
  };
}
