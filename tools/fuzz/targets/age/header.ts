import { AgeError } from '../../../../packages/age/src/errors.ts';
import { encodeAgeHeader, headerEnd, parseAgeHeader } from '../../../../packages/age/src/header/header.ts';
import { readAgeHeader } from '../../../../packages/age/src/open.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { promise, same, unlessRefused } from '../outcome.ts';
import { sampleFiles } from './samples.ts';

export async function makeTarget(): Promise<FuzzTarget> {
  const files = await sampleFiles();
  const headers = await Promise.all(
    files.map(async (bytes) => bytes.subarray(0, (await readAgeHeader([bytes])).headerBytes)),
  );
  const grease = encodeAgeHeader([
    { type: 'grease', args: ['a', 'b'], body: new Uint8Array(48) },
    { type: 'x', args: [], body: new Uint8Array(50) },
  ]);
  return {
    bytesMax: 4096,
    samples: [
      // Armored files begin with armor, which this parser refuses.
      ...headers,
      new Uint8Array(Buffer.concat([grease, headerEnd(new Uint8Array(32))])),
    ],
    run(bytes) {
      const header = unlessRefused(AgeError, () => parseAgeHeader(bytes));
      if (header === undefined) return;
      const { stanzas, mac, macInput } = header;
      const start = encodeAgeHeader(stanzas);
      promise(same(start, macInput), 'the MAC covers other bytes than were read');
      promise(same(Buffer.concat([start, headerEnd(mac)]), bytes), 'a header has a second spelling');
    },
  };
}
