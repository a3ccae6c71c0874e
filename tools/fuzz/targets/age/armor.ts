import { openArmor, sealArmor } from '../../../../packages/age/src/armor/armor.ts';
import { AgeError } from '../../../../packages/age/src/errors.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { chunks, promise, same, unlessRefusedLater } from '../outcome.ts';
import { sampleFiles } from './samples.ts';

async function joined(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}

/** Line ends may be of either kind and white space may stand around; all else has one spelling. */
const normal = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n').trim();

export async function makeTarget(): Promise<FuzzTarget> {
  const [, armored = new Uint8Array(0)] = await sampleFiles();
  return {
    bytesMax: 2048,
    samples: [
      armored,
      await joined(sealArmor([])),
      await joined(sealArmor([new Uint8Array(48)])),
      await joined(sealArmor([new Uint8Array(49)])),
    ],
    async run(bytes) {
      const inside = await unlessRefusedLater(AgeError, () => joined(openArmor(chunks(bytes))));
      if (inside === undefined) return;
      const again = await joined(sealArmor([inside]));
      promise(normal(again) === normal(bytes), 'an armor has a second spelling');
      promise(same(await joined(openArmor([bytes])), inside), 'the cutting of the stream changes the content');
    },
  };
}
