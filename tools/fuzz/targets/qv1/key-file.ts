import { EnvelopeError } from '../../../../packages/envelope/src/errors.ts';
import { formatKeyFile, parseKeyFile } from '../../../../packages/envelope/src/text/key-text.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { promise, unlessRefused } from '../outcome.ts';
import { sampleKey } from './samples.ts';

export function makeTarget(): FuzzTarget {
  const key = sampleKey();
  const file = formatKeyFile(key, '2026-11-24T12:00:00Z');
  const [, , secret = ''] = new TextDecoder().decode(file).split('\n');
  return {
    bytesMax: 4096,
    samples: [file, new TextEncoder().encode(`\r\n\t${secret} \n# note\n${secret}`)],
    run(bytes) {
      const keys = unlessRefused(EnvelopeError, () => parseKeyFile(bytes));
      // Nobody guesses a checksum: a key that is read is the one of the sample.
      const isSample = keys?.every(({ keyId }) => keyId === key.recipient.keyId) ?? true;
      promise(isSample, 'a key was read that nobody wrote');
    },
  };
}
