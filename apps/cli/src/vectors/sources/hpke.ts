import { hpkeOpen, hpkeSuite, hpkeSuiteCategory5, hpkeSuiteCnsa, SecretBytes } from '@quantumvault/crypto';
import { hexAt, isObject, type Json, objectsAt, same } from '../json.ts';
import type { VectorSource } from '../source.ts';

const suiteOfIds: Readonly<Record<string, string>> = {
  '25722 1 2': hpkeSuite,
  '66 2 2': hpkeSuiteCnsa,
  '81 2 2': hpkeSuiteCategory5,
};

function casesOf(json: unknown): readonly Json[] {
  return Array.isArray(json) ? json.filter(isObject) : [];
}

/** HPKE in base mode. Only the first message of each context is opened: the interface is the single shot. */
export const hpke: VectorSource = {
  source: 'hpke-pq',
  recognize: ({ json }) => (casesOf(json).some((test) => 'kem_id' in test && 'kdf_id' in test) ? 'vectors' : undefined),
  async run({ json }, tally) {
    for (const [index, test] of casesOf(json).entries()) {
      const ids = `${String(test.kem_id)} ${String(test.kdf_id)} ${String(test.aead_id)}`;
      const suite = suiteOfIds[ids];
      const [first] = objectsAt(test, 'encryptions');
      if (suite === undefined || test.mode !== 0 || first === undefined) {
        tally.skip(`the HPKE suite of KEM, KDF and AEAD ${ids} is not offered`);
        continue;
      }
      await tally.run(index, () => {
        using privateKey = SecretBytes.take(hexAt(test, 'skRm'));
        const input = { suite, privateKey, enc: hexAt(test, 'enc'), info: hexAt(test, 'info') };
        const plaintext = hpkeOpen({ ...input, aad: hexAt(first, 'aad'), ciphertext: hexAt(first, 'ct') });
        return same(plaintext, hexAt(first, 'pt'));
      });
    }
  },
};
