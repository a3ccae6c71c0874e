// SLH-DSA between implementations: external interface, pure, with contexts. Bad cases name the good one they are made of.
import {
  importSigningKey,
  importVerifyKey,
  SecretBytes,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from '@quantumvault/crypto';
import { hexAt, isObject, type Json, numberAt, objectsAt, same, textAt } from '../json.ts';
import type { VectorSource } from '../source.ts';
import { Skip } from '../tally.ts';

function groupsOf(json: unknown): readonly Json[] {
  return isObject(json) && Array.isArray(json.testGroups) && !('algorithm' in json)
    ? json.testGroups.filter(isObject)
    : [];
}

function algorithmOf(group: Json): SignatureAlgorithm {
  const name = textAt(group, 'parameterSet');
  const known = signatureAlgorithms.find((algorithm) => algorithm === name);
  if (known === undefined) throw new Skip(`${name} is not offered`);
  const isPlain = group.signatureInterface === 'external' && group.preHash === 'pure';
  if (!isPlain) throw new Skip('SLH-DSA is offered with its external interface and without pre-hash alone');
  return known;
}

function signatureOf(test: Json, tests: readonly Json[]): Uint8Array {
  const of = test.signatureOf === undefined ? test : tests.find(({ tcId }) => tcId === test.signatureOf);
  const signature = hexAt(of ?? test, 'signature');
  if (test.flipByte !== undefined) {
    const at = numberAt(test, 'flipByte');
    signature[at] = (signature[at] ?? 0) ^ 1;
  }
  return signature;
}

async function isRight(test: Json, group: Json, tests: readonly Json[]): Promise<boolean> {
  const algorithm = algorithmOf(group);
  const publicKey = hexAt(test, 'pk');
  if (test.sk !== undefined) {
    using key = importSigningKey({ algorithm, privateKey: SecretBytes.take(hexAt(test, 'sk')) });
    if (!same(key.publicKey, publicKey)) return false;
  }
  const [message, context, signature] = [hexAt(test, 'message'), hexAt(test, 'context'), signatureOf(test, tests)];
  const isGenuine = await importVerifyKey({ algorithm, publicKey }).verifyAsync({ message, signature, context });
  return isGenuine === test.testPassed;
}

export const slhDsa: VectorSource = {
  source: 'slh-dsa-cross',
  recognize: ({ json }) =>
    groupsOf(json).some(({ parameterSet }) => String(parameterSet).startsWith('SLH-DSA')) ? 'vectors' : undefined,
  async run({ json }, tally) {
    for (const group of groupsOf(json)) {
      const tests = objectsAt(group, 'tests');
      for (const test of tests) {
        const name = `${String(group.parameterSet)} ${String(test.tcId)}`;
        await tally.run(name, () => isRight(test, group, tests));
      }
    }
  },
};
