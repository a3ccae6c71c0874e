import {
  gcmOpen,
  importKemKey,
  importSigningKey,
  kemEncapsulateTo,
  SecretBytes,
  verifySignature,
} from '@quantumvault/crypto';
import { hexAt, type Json, numberAt, objectsAt, same, textAt } from './json.ts';
import { Skip, type Tally } from './tally.ts';
import { mldsaNamed, succeeds } from './wycheproof.ts';

type Runner = (test: Json, group: Json) => boolean;

function gcm(test: Json, group: Json): boolean {
  const isOffered = group.keyLen === 256 && group.ivLen === 96 && group.tagLen === 128;
  if (!isOffered) throw new Skip('AES-GCM is offered with keys of 256, nonces of 96 and tags of 128 bits alone');
  using key = SecretBytes.take(hexAt(test, 'key'));
  const sealed = new Uint8Array([...hexAt(test, 'ct'), ...hexAt(test, 'tag')]);
  const opened = succeeds(() => {
    const plaintext = gcmOpen({ key, nonce: hexAt(test, 'iv'), aad: hexAt(test, 'aad'), sealed });
    return test.pt === undefined || same(plaintext, hexAt(test, 'pt'));
  });
  return opened === (test.testPassed !== false);
}

function mldsaOf(group: Json) {
  const algorithm = mldsaNamed(group.parameterSet);
  if (algorithm === undefined) throw new Skip(`${String(group.parameterSet)} is not offered`);
  return algorithm;
}

function mldsaKeyGen(test: Json, group: Json): boolean {
  const privateKey = SecretBytes.take(hexAt(test, 'seed'));
  return same(importSigningKey({ algorithm: mldsaOf(group), privateKey }).publicKey, hexAt(test, 'pk'));
}

function mldsaVerify(test: Json, group: Json): boolean {
  if (group.signatureInterface !== 'external' || group.preHash !== 'pure') {
    throw new Skip('ML-DSA is offered with its external interface and without pre-hash alone');
  }
  const genuine = succeeds(() =>
    verifySignature({
      algorithm: mldsaOf(group),
      publicKey: hexAt(test, 'pk'),
      message: hexAt(test, 'message'),
      signature: hexAt(test, 'signature'),
      context: typeof test.context === 'string' ? hexAt(test, 'context') : new Uint8Array(0),
    }),
  );
  return genuine === test.testPassed;
}

function mlkemKeyGen(test: Json, group: Json): boolean {
  const seed = SecretBytes.take(new Uint8Array([...hexAt(test, 'd'), ...hexAt(test, 'z')]));
  return same(importKemKey(textAt(group, 'parameterSet'), seed).publicKey, hexAt(test, 'ek'));
}

function mlkemUse(test: Json, group: Json): boolean {
  if (group.function !== 'encapsulationKeyCheck') {
    throw new Skip('ML-KEM takes neither expanded private keys nor given randomness');
  }
  const name = textAt(group, 'parameterSet');
  return succeeds(() => kemEncapsulateTo(name, hexAt(test, 'ek')).enc.length > 0) === test.testPassed;
}

function needEd25519({ curve, preHash }: Json, test: Json): void {
  const isPlain = curve === 'ED-25519' && preHash === false && (test.context ?? '') === '';
  if (!isPlain) throw new Skip('of EdDSA, Ed25519 without pre-hash and context alone is offered');
}

function eddsaSign(test: Json, group: Json): boolean {
  needEd25519(group, test);
  const privateKey = SecretBytes.take(hexAt(group, 'd'));
  using key = importSigningKey({ algorithm: 'Ed25519', privateKey });
  return same(key.publicKey, hexAt(group, 'q')) && same(key.sign(hexAt(test, 'message')), hexAt(test, 'signature'));
}

function eddsaVerify(test: Json, group: Json): boolean {
  needEd25519(group, test);
  const [publicKey, message, signature] = [hexAt(test, 'q'), hexAt(test, 'message'), hexAt(test, 'signature')];
  const genuine = succeeds(() => verifySignature({ algorithm: 'Ed25519', publicKey, message, signature }));
  return genuine === test.testPassed;
}

const runners: Readonly<Record<string, Runner>> = {
  'ACVP-AES-GCM': gcm,
  'ML-DSA keyGen': mldsaKeyGen,
  'ML-DSA sigVer': mldsaVerify,
  'ML-KEM keyGen': mlkemKeyGen,
  'ML-KEM encapDecap': mlkemUse,
  'EDDSA sigGen': eddsaSign,
  'EDDSA sigVer': eddsaVerify,
};

/** Where the algorithm is offered, though not in this way. */
const notOffered: Readonly<Record<string, string>> = {
  'ML-DSA sigGen': 'expanded private keys of ML-DSA are not imported',
};

/** Runs a set of NIST's ACVP, in which prompts and results are joined. */
export async function runAcvp(suite: Json, tally: Tally): Promise<void> {
  const name = [suite.algorithm, suite.mode].filter((part) => typeof part === 'string').join(' ');
  const runner = runners[name];
  for (const group of objectsAt(suite, 'testGroups')) {
    for (const test of objectsAt(group, 'tests')) {
      if (runner === undefined) tally.skip(notOffered[name] ?? `${name || 'the algorithm'} is not offered`);
      else await tally.run(numberAt(test, 'tcId'), () => runner(test, group));
    }
  }
}
