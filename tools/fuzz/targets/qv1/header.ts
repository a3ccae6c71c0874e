import { EnvelopeError } from '../../../../packages/envelope/src/errors.ts';
import { frameHeader, hashCore } from '../../../../packages/envelope/src/header/header.ts';
import { readEnvelopeHeader } from '../../../../packages/envelope/src/open.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { chunks, promise, same, unlessRefusedLater } from '../outcome.ts';
import { sampleEnvelopes } from './samples.ts';

export async function makeTarget(): Promise<FuzzTarget> {
  return {
    bytesMax: 4096,
    samples: await sampleEnvelopes(),
    async run(bytes) {
      const header = await unlessRefusedLater(EnvelopeError, () => readEnvelopeHeader(chunks(bytes)));
      if (header === undefined) return;
      const { coreBytes, recipientsBytes, recipientsTag, headerBytes, coreHash } = header;
      const framed = Buffer.concat(frameHeader(coreBytes, recipientsBytes, recipientsTag));
      promise(same(framed, bytes.subarray(0, headerBytes)), 'the header is not what was read');
      promise(same(coreHash, hashCore(coreBytes)), 'the hash is not of the core that was read');
    },
  };
}
