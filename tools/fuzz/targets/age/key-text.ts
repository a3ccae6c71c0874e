import { AgeError } from '../../../../packages/age/src/errors.ts';
import { parseAgeIdentityFile, parseAgeRecipient } from '../../../../packages/age/src/text/key-text.ts';
import { encodeBech32 } from '../../../../packages/bech32/src/index.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { unlessRefused } from '../outcome.ts';
import { hybridKey, x25519Key } from './samples.ts';

const latin1 = new TextDecoder('latin1');
/** No key text begins with one of these: what follows gets the checksum that the fuzzer could not guess. */
const prefixes = new Map([
  [0x00, 'age'],
  [0x01, 'age1pq'],
  [0x02, 'age-secret-key-'],
  [0x03, 'age-secret-key-pq-'],
]);

export function makeTarget(): FuzzTarget {
  const utf8 = new TextEncoder();
  return {
    bytesMax: 2048,
    samples: [
      ...[x25519Key, hybridKey].flatMap(({ recipientText, identityText }) => [
        utf8.encode(recipientText),
        utf8.encode(`# note\r\n\n${identityText}\r\n`),
      ]),
      ...[...prefixes.keys()].map((mark) => Uint8Array.of(mark, ...new Uint8Array(mark === 1 ? 1216 : 32).fill(9))),
    ],
    run(bytes) {
      const prefix = prefixes.get(bytes[0] ?? 0xff);
      const text = prefix === undefined ? bytes : encodeBech32('bech32', prefix, bytes.subarray(1));
      unlessRefused(AgeError, () => parseAgeRecipient(latin1.decode(text)));
      unlessRefused(AgeError, () => parseAgeIdentityFile(new Uint8Array(text)));
      const upper = utf8.encode(latin1.decode(text).toUpperCase());
      unlessRefused(AgeError, () => parseAgeIdentityFile(upper));
    },
  };
}
