import { importKemKey, kemEncapsulateTo, kemNames, SecretBytes, secretAccess } from '@quantumvault/crypto';
import { base64At, isObject, type Json, same, textAt } from '../json.ts';
import type { VectorSource } from '../source.ts';
import { Skip } from '../tally.ts';

const fields = ['tcId', 'ek', 'dk', 'c', 'k'];

function casesOf(json: unknown): readonly Json[] {
  return isObject(json) && Array.isArray(json.tests) ? json.tests.filter(isObject) : [];
}

/** The names of the draft begin with `id-`; ML-KEM alone stands among them under the name of its certificates. */
function nameOf(test: Json): string {
  const given = textAt(test, 'tcId');
  const name = given.replace(/^id-alg-ml-kem-/, 'ML-KEM-').replace(/^id-/, '');
  if (!kemNames.some((known) => known === name)) throw new Skip(`${given} is not offered`);
  return name;
}

function isRight(test: Json): boolean {
  const name = nameOf(test);
  const key = importKemKey(name, SecretBytes.take(base64At(test, 'dk')));
  const { enc, sharedSecret } = kemEncapsulateTo(name, base64At(test, 'ek'));
  return (
    same(key.publicKey, base64At(test, 'ek')) &&
    key.decapsulate(base64At(test, 'c')).open(secretAccess, (secret) => same(secret, base64At(test, 'k'))) &&
    key.decapsulate(enc).equals(sharedSecret)
  );
}

/** Keys and ciphertexts of the draft of composite ML-KEM, in base64. */
export const compositeMlkem: VectorSource = {
  source: 'composite-mlkem',
  recognize({ json }) {
    const [first] = casesOf(json);
    return first !== undefined && fields.every((name) => name in first) ? 'vectors' : undefined;
  },
  async run({ json }, tally) {
    for (const test of casesOf(json)) await tally.run(String(test.tcId), () => isRight(test));
  },
};
