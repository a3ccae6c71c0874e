import { EnvelopeError } from '../../../../packages/envelope/src/errors.ts';
import { decodeCore, encodeCore } from '../../../../packages/envelope/src/header/core.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { promise, same, unlessRefused } from '../outcome.ts';
import { sampleHeaders } from './samples.ts';

export async function makeTarget(): Promise<FuzzTarget> {
  const headers = await sampleHeaders();
  return {
    bytesMax: 4096,
    samples: headers.map(({ coreBytes }) => coreBytes),
    run(bytes) {
      const core = unlessRefused(EnvelopeError, () => decodeCore(bytes));
      if (core === undefined) return;
      const written = encodeCore(core);
      // Fields for information alone (x-...) are not kept; without them there is one encoding.
      const hasNotes = Buffer.from(bytes).includes('x-');
      promise(
        same(written, bytes) || (hasNotes && same(encodeCore(decodeCore(written)), written)),
        'a second spelling',
      );
    },
  };
}
