import { findHpkeSuite, hpkeOpen, recipientPublicKey, SecretBytes } from '@quantumvault/crypto';
import { hexAt, isObject, type Json, numberAt, objectsAt, same } from '../json.ts';
import type { VectorSource } from '../source.ts';
import { Skip } from '../tally.ts';

function casesOf(json: unknown): readonly Json[] {
  return Array.isArray(json) ? json.filter(isObject) : [];
}

const hex4 = (id: number): string => `0x${id.toString(16).padStart(4, '0')}`;

/** HPKE in base mode. Only the first message of each context is opened: the interface is the single shot. */
function isRight(test: Json): boolean {
  const ids = { kem: numberAt(test, 'kem_id'), kdf: numberAt(test, 'kdf_id'), aead: numberAt(test, 'aead_id') };
  const suite = findHpkeSuite(ids);
  if (test.mode !== 0) throw new Skip('HPKE is offered in base mode alone');
  if (suite === undefined) {
    const [kem, kdf, aead] = [ids.kem, ids.kdf, ids.aead].map(hex4);
    throw new Skip(
      ids.aead === aes128 ? 'HPKE with AES-128-GCM is not offered' : `no HPKE of KEM ${kem}, KDF ${kdf}, AEAD ${aead}`,
    );
  }
  const [first] = objectsAt(test, 'encryptions');
  if (first === undefined) throw new Skip('the case has no message');
  const privateKey = SecretBytes.take(hexAt(test, 'skRm'));
  const input = { suite, privateKey, enc: hexAt(test, 'enc'), info: hexAt(test, 'info') };
  const plaintext = hpkeOpen({ ...input, aad: hexAt(first, 'aad'), ciphertext: hexAt(first, 'ct') });
  return same(recipientPublicKey(privateKey, suite), hexAt(test, 'pkRm')) && same(plaintext, hexAt(first, 'pt'));
}

const aes128 = 0x0001;

export const hpke: VectorSource = {
  source: 'hpke-pq',
  recognize: ({ json }) => (casesOf(json).some((test) => 'kem_id' in test && 'kdf_id' in test) ? 'vectors' : undefined),
  async run({ json }, tally) {
    for (const [index, test] of casesOf(json).entries()) await tally.run(index, () => isRight(test));
  },
};
