// KEMs and key agreement of Wycheproof and ACVP.
import {
  agreementPublicKey,
  agreeOnSecret,
  importExpandedKemKey,
  importKemKey,
  type KemPrivateKey,
  kemEncapsulateTo,
  SecretBytes,
  secretAccess,
} from '@quantumvault/crypto';
import { encapsulateWithRandomness } from '@quantumvault/crypto/known-answers';
import { hexAt, type Json, same, textAt } from '../json.ts';
import type { CaseRunner, RunnerFinder } from '../source.ts';
import { Skip } from '../tally.ts';
import { succeeds } from './answers.ts';

const secretAt = (test: Json, field: string): SecretBytes => SecretBytes.take(hexAt(test, field));
const isSecret = (secret: SecretBytes, expected: Uint8Array): boolean =>
  secret.open(secretAccess, (bytes) => same(bytes, expected));

/** Encapsulates to the key and opens it again: the two ends agree, and not only on published answers. */
function agreesWithItself(name: string, key: KemPrivateKey): boolean {
  const { enc, sharedSecret } = kemEncapsulateTo(name, key.publicKey);
  return key.decapsulate(enc).equals(sharedSecret);
}

function decapsulates(test: Json, key: KemPrivateKey): boolean {
  const isKey = test.ek === undefined || same(key.publicKey, hexAt(test, 'ek'));
  return isKey && isSecret(key.decapsulate(hexAt(test, 'c')), hexAt(test, 'K'));
}

function wycheproofMlkem(test: Json, group: Json): boolean {
  const name = textAt(group, 'parameterSet');
  if (group.type === 'MLKEMEncapsTest') {
    const publicKey = hexAt(test, 'ek');
    // First what the product calls, which takes no randomness: an invalid case must be refused by it.
    const taken = kemEncapsulateTo(name, publicKey);
    const { enc, sharedSecret } = encapsulateWithRandomness({ kem: name, publicKey, randomness: hexAt(test, 'm') });
    return taken.enc.length === enc.length && same(enc, hexAt(test, 'c')) && isSecret(sharedSecret, hexAt(test, 'K'));
  }
  if (test.seed !== undefined) {
    const key = importKemKey(name, secretAt(test, 'seed'));
    if (group.type !== 'MLKEMKeyGen') return decapsulates(test, key);
    // The expanded key is never written; that it is the same key shows in what both open.
    const { enc, sharedSecret } = kemEncapsulateTo(name, hexAt(test, 'ek'));
    return (
      same(key.publicKey, hexAt(test, 'ek')) &&
      key.decapsulate(enc).equals(sharedSecret) &&
      (test.dk === undefined || importExpandedKemKey(name, secretAt(test, 'dk')).decapsulate(enc).equals(sharedSecret))
    );
  }
  return decapsulates(test, importExpandedKemKey(name, secretAt(test, 'dk')));
}

const curveNames: Readonly<Record<string, string>> = {
  curve25519: 'x25519',
  Curve25519: 'x25519',
  curve448: 'x448',
  Curve448: 'x448',
};

function curveOf(group: Json): string {
  const name = curveNames[String(group.curve)];
  if (name === undefined) throw new Skip(`key agreement on ${String(group.curve)} is not offered`);
  return name;
}

function wycheproofXdh(test: Json, group: Json): boolean {
  const input = { algorithm: curveOf(group), privateKey: secretAt(test, 'private') };
  return isSecret(agreeOnSecret({ ...input, peer: hexAt(test, 'public') }), hexAt(test, 'shared'));
}

export const kemWycheproof: RunnerFinder = ({ algorithm, schema }) => {
  if (algorithm === 'ML-KEM') return wycheproofMlkem;
  return algorithm === 'XDH' && String(schema).startsWith('xdh_comp') ? wycheproofXdh : undefined;
};

function mlkemKeyGen(test: Json, group: Json): boolean {
  const name = textAt(group, 'parameterSet');
  const seed = SecretBytes.take(new Uint8Array([...hexAt(test, 'd'), ...hexAt(test, 'z')]));
  const key = importKemKey(name, seed);
  const { enc, sharedSecret } = kemEncapsulateTo(name, hexAt(test, 'ek'));
  return (
    same(key.publicKey, hexAt(test, 'ek')) &&
    key.decapsulate(enc).equals(sharedSecret) &&
    (test.dk === undefined || importExpandedKemKey(name, secretAt(test, 'dk')).decapsulate(enc).equals(sharedSecret))
  );
}

async function mlkemUse(test: Json, group: Json): Promise<boolean> {
  const name = textAt(group, 'parameterSet');
  switch (group.function) {
    case 'encapsulationKeyCheck':
      return (await succeeds(() => kemEncapsulateTo(name, hexAt(test, 'ek')).enc.length > 0)) === test.testPassed;
    case 'decapsulationKeyCheck':
      return (
        (await succeeds(() => agreesWithItself(name, importExpandedKemKey(name, secretAt(test, 'dk'))))) ===
        test.testPassed
      );
    case 'encapsulation':
    case 'decapsulation': {
      const key = importExpandedKemKey(name, secretAt(test, 'dk'));
      const isAnswer = isSecret(key.decapsulate(hexAt(test, 'c')), hexAt(test, 'k'));
      const isKey = test.ek === undefined || same(key.publicKey, hexAt(test, 'ek'));
      if (group.function === 'decapsulation') return isAnswer && isKey;
      const input = { kem: name, publicKey: hexAt(test, 'ek'), randomness: hexAt(test, 'm') };
      const isMade = same(encapsulateWithRandomness(input).enc, hexAt(test, 'c'));
      return isAnswer && isKey && isMade && agreesWithItself(name, key);
    }
    default:
      throw new Skip(`ML-KEM has no function ${String(group.function)} here`);
  }
}

/** Both ends of one agreement, where the set has both private keys. */
async function xecdh(test: Json, group: Json): Promise<boolean> {
  const algorithm = curveOf(group);
  const isAgreed = await succeeds(() => {
    const [own, peer] = [secretAt(test, 'privateIut'), hexAt(test, 'publicServer')];
    const isOwn =
      test.publicIut === undefined ||
      same(agreementPublicKey({ algorithm, privateKey: own }), hexAt(test, 'publicIut'));
    const secret = agreeOnSecret({ algorithm, privateKey: own, peer });
    if (!isOwn || !isSecret(secret, hexAt(test, 'z'))) return false;
    if (test.privateServer === undefined || test.publicIut === undefined) return true;
    const other = { algorithm, privateKey: secretAt(test, 'privateServer'), peer: hexAt(test, 'publicIut') };
    return agreeOnSecret(other).equals(secret);
  });
  return isAgreed === (test.testPassed !== false);
}

const acvpRunners: Readonly<Record<string, CaseRunner>> = {
  'ML-KEM keyGen': mlkemKeyGen,
  'ML-KEM encapDecap': mlkemUse,
  'XECDH SSC': xecdh,
};

export const kemAcvp: RunnerFinder = ({ algorithm, mode }) => acvpRunners[`${String(algorithm)} ${String(mode)}`];
