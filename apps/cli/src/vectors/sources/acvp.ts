import { formatPreservingAcvp } from '../cases/format-preserving.ts';
import { kemAcvp } from '../cases/kems.ts';
import { derivationAcvp } from '../cases/key-derivation.ts';
import { signatureAcvp } from '../cases/signatures.ts';
import { symmetricAcvp } from '../cases/symmetric.ts';
import { isObject, type Json, objectsAt } from '../json.ts';
import type { RunnerFinder, VectorSource } from '../source.ts';
import type { Tally } from '../tally.ts';

const finders: readonly RunnerFinder[] = [kemAcvp, signatureAcvp, symmetricAcvp, derivationAcvp, formatPreservingAcvp];

/** Where the algorithm is offered, though not in this way. */
const notOffered: Readonly<Record<string, string>> = {
  'SLH-DSA sigVer': 'the internal interface of SLH-DSA (no context) is not offered',
  'ACVP-AES-FF3-1': 'FF3-1 is not offered: NIST removed it after attacks',
};

async function runSuite(suite: Json, tally: Tally): Promise<void> {
  const name = [suite.algorithm, suite.mode].filter((part) => typeof part === 'string').join(' ');
  const runner = finders.map((find) => find(suite)).find((found) => found !== undefined);
  for (const group of objectsAt(suite, 'testGroups')) {
    for (const [index, test] of objectsAt(group, 'tests').entries()) {
      if (runner === undefined) tally.skip(notOffered[name] ?? `${name} is not offered`);
      else await tally.run(Number(test.tcId ?? index), () => runner(test, group));
    }
  }
}

/** NIST's ACVP, in which prompts and results are joined. */
export const acvp: VectorSource = {
  source: 'acvp',
  recognize: ({ json }) =>
    isObject(json) && Array.isArray(json.testGroups) && typeof json.algorithm === 'string' && !('schema' in json)
      ? 'vectors'
      : undefined,
  async run({ json }, tally) {
    if (isObject(json)) await runSuite(json, tally);
  },
};
