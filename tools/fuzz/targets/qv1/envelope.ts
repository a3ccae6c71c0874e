import { EnvelopeError } from '../../../../packages/envelope/src/errors.ts';
import { openEnvelope, openEnvelopeRange } from '../../../../packages/envelope/src/open.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { begins, chunks, promise, same, unlessRefusedLater } from '../outcome.ts';
import { content, expected, sampleEnvelopes, sampleKey } from './samples.ts';

/** Magic, length, and the beginning of the core, which holds the 16 bytes of the object's id. */
const idEndsAt = 29;

/** Opens whole envelopes; nothing may come out that is not a beginning of the content. */
export async function makeTarget(): Promise<FuzzTarget> {
  const samples = await sampleEnvelopes();
  const options = { keys: [sampleKey().opening], expected, profile: 'standard' } as const;

  async function openAll(bytes: Uint8Array): Promise<void> {
    let at = 0;
    for await (const chunk of openEnvelope(chunks(bytes), options)) {
      promise(same(chunk, content.subarray(at, at + chunk.length)), 'something else than the content came out');
      at += chunk.length;
    }
    // Whoever cannot make a core cannot make an envelope: what opens to its end with a sample's object id is that sample.
    const id = bytes.subarray(0, idEndsAt);
    const isSample = !samples.some((sample) => begins(sample, id)) || samples.some((sample) => same(sample, bytes));
    promise(isSample, 'a changed envelope opened to its end');
  }

  async function openRange(bytes: Uint8Array): Promise<void> {
    const source = {
      size: bytes.length,
      read: (offset: number, length: number) => Promise.resolve(bytes.subarray(offset, offset + length)),
    };
    using reader = await openEnvelopeRange(source, options);
    const half = reader.length >> 1;
    const part = await reader.read(half, reader.length - half);
    promise(begins(content.subarray(half), part), 'a range gave something else than the content');
  }

  return {
    bytesMax: 4096,
    samples,
    async run(bytes) {
      const isRange = (bytes.at(-1) ?? 0) % 2 === 0;
      await unlessRefusedLater(EnvelopeError, () => (isRange ? openRange(bytes) : openAll(bytes)));
    },
  };
}
