import { AgeError } from '../../../../packages/age/src/errors.ts';
import { openAge } from '../../../../packages/age/src/open.ts';
import type { FuzzTarget } from '../../engine/fuzz-loop.ts';
import { chunks, promise, same, unlessRefusedLater } from '../outcome.ts';
import { content } from '../qv1/samples.ts';
import { hybridKey, sampleFiles, x25519Key } from './samples.ts';

/** Opens whole files, binary and armored; nothing may come out that is not a beginning of the content. */
export async function makeTarget(): Promise<FuzzTarget> {
  const identities = [x25519Key.identity, hybridKey.identity];
  return {
    bytesMax: 4096,
    samples: await sampleFiles(),
    async run(bytes) {
      let at = 0;
      await unlessRefusedLater(AgeError, async () => {
        for await (const chunk of openAge(chunks(bytes), { identities, form: 'any' })) {
          promise(same(chunk, content.subarray(at, at + chunk.length)), 'something else than the content came out');
          at += chunk.length;
        }
      });
    },
  };
}
