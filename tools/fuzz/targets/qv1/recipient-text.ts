import { EnvelopeError } from '../../../../packages/envelope/src/errors.ts';
import { encodeBech32m } from '../../../../packages/envelope/src/text/bech32m.ts';
import { formatRecipient, parseRecipient } from '../../../../packages/envelope/src/text/key-text.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { promise, unlessRefused } from '../outcome.ts';
import { sampleKey } from './samples.ts';

const latin1 = new TextDecoder('latin1');
/** No recipient begins with it: what follows gets the checksum that the fuzzer could not guess. */
const checksumMark = 0x00;

export function makeTarget(): FuzzTarget {
  const { recipient } = sampleKey();
  return {
    bytesMax: 4096,
    samples: [
      new TextEncoder().encode(formatRecipient(recipient)),
      Uint8Array.of(checksumMark, 1, ...recipient.publicKey),
      Uint8Array.of(checksumMark, 2, ...new Uint8Array(1568)),
    ],
    run(bytes) {
      const text = latin1.decode(bytes[0] === checksumMark ? encodeBech32m('qv', bytes.subarray(1)) : bytes);
      const read = unlessRefused(EnvelopeError, () => parseRecipient(text));
      promise(read === undefined || formatRecipient(read) === text.toLowerCase(), 'a recipient has a second spelling');
    },
  };
}
