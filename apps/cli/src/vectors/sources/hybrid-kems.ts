import { importKemKey, kemEncapsulateTo, SecretBytes, secretAccess } from '@quantumvault/crypto';
import { encapsulateWithRandomness } from '@quantumvault/crypto/known-answers';
import { hexAt, isObject, type Json, same } from '../json.ts';
import type { VectorSource } from '../source.ts';
import { Skip } from '../tally.ts';

const kemOfPublicKey: Readonly<Record<number, string>> = {
  1216: 'X-Wing',
  1249: 'MLKEM768-P256',
  1665: 'MLKEM1024-P384',
};

const fields = ['sk', 'pk', 'ct', 'ss'];

function casesOf(json: unknown): readonly Json[] {
  return Array.isArray(json) ? json.filter(isObject) : [];
}

/** The published ciphertext again, where the set says which randomness it was made of. */
function encapsulatesAsPublished(kem: string, test: Json): boolean {
  const field = ['eseed', 'randomness'].find((name) => name in test);
  if (field === undefined) return true;
  const input = { kem, publicKey: hexAt(test, 'pk'), randomness: hexAt(test, field) };
  const { enc, sharedSecret } = encapsulateWithRandomness(input);
  return same(enc, hexAt(test, 'ct')) && sharedSecret.open(secretAccess, (secret) => same(secret, hexAt(test, 'ss')));
}

/** Hybrid KEMs: a seed, its public key, and a ciphertext with its secret. They are told apart by their lengths. */
function isRight(test: Json): boolean {
  const publicKey = hexAt(test, 'pk');
  const name = kemOfPublicKey[publicKey.length];
  if (name === undefined) throw new Skip('the KEM is not offered');
  const key = importKemKey(name, SecretBytes.take(hexAt(test, 'sk')));
  const { enc, sharedSecret } = kemEncapsulateTo(name, publicKey);
  return (
    encapsulatesAsPublished(name, test) &&
    same(key.publicKey, publicKey) &&
    key.decapsulate(hexAt(test, 'ct')).open(secretAccess, (secret) => same(secret, hexAt(test, 'ss'))) &&
    key.decapsulate(enc).equals(sharedSecret)
  );
}

function hybridSet(source: string, isIt: (first: Json) => boolean): VectorSource {
  return {
    source,
    recognize({ json }) {
      const [first] = casesOf(json);
      return first !== undefined && fields.every((name) => name in first) && isIt(first) ? 'vectors' : undefined;
    },
    async run({ json }, tally) {
      for (const [index, test] of casesOf(json).entries()) await tally.run(index, () => isRight(test));
    },
  };
}

/** The draft of X-Wing, which names the seed of its encapsulation, and the concrete hybrids of the CFRG. */
export const hybridKems: readonly VectorSource[] = [
  hybridSet('xwing', (first) => 'eseed' in first),
  hybridSet('cfrg-hybrid-kems', () => true),
];
