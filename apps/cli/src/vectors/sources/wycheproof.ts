import { isRefusal } from '../cases/answers.ts';
import { formatPreservingWycheproof } from '../cases/format-preserving.ts';
import { kemWycheproof } from '../cases/kems.ts';
import { derivationWycheproof } from '../cases/key-derivation.ts';
import { signatureWycheproof } from '../cases/signatures.ts';
import { symmetricWycheproof } from '../cases/symmetric.ts';
import { isObject, type Json, objectsAt } from '../json.ts';
import type { CaseRunner, RunnerFinder, VectorSource } from '../source.ts';
import { Skip, type Tally } from '../tally.ts';

const finders: readonly RunnerFinder[] = [
  kemWycheproof,
  signatureWycheproof,
  symmetricWycheproof,
  derivationWycheproof,
  formatPreservingWycheproof,
];

/** `acceptable` leaves open whether the case is refused, though never what the answer is when it is not. */
async function isAsPublished(runner: CaseRunner, test: Json, group: Json): Promise<boolean> {
  const expected = test.result;
  if (expected !== 'valid' && expected !== 'invalid' && expected !== 'acceptable')
    throw new Skip('the case has no result');
  try {
    const isAnswer = await runner(test, group);
    return expected === 'invalid' ? !isAnswer : isAnswer;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return expected !== 'valid';
  }
}

async function runSuite(suite: Json, tally: Tally): Promise<void> {
  const runner = finders.map((find) => find(suite)).find((found) => found !== undefined);
  for (const group of objectsAt(suite, 'testGroups')) {
    for (const [index, test] of objectsAt(group, 'tests').entries()) {
      if (runner === undefined) tally.skip(`${String(suite.algorithm)} is not offered`);
      else await tally.run(Number(test.tcId ?? index), () => isAsPublished(runner, test, group));
    }
  }
}

/** C2SP/wycheproof, of the second schema: groups of cases that are valid, invalid or acceptable. */
export const wycheproof: VectorSource = {
  source: 'wycheproof',
  recognize: ({ json }) =>
    isObject(json) && Array.isArray(json.testGroups) && 'algorithm' in json && 'schema' in json ? 'vectors' : undefined,
  async run({ json }, tally) {
    if (isObject(json)) await runSuite(json, tally);
  },
};
