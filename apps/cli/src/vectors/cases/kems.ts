// KEMs of Wycheproof and ACVP.
import { importKemKey, kemEncapsulateTo, SecretBytes, secretAccess } from '@quantumvault/crypto';
import { hexAt, type Json, same, textAt } from '../json.ts';
import type { CaseRunner, RunnerFinder } from '../source.ts';
import { Skip } from '../tally.ts';
import { succeeds } from './answers.ts';

function wycheproofMlkem(test: Json, group: Json): boolean {
  const name = textAt(group, 'parameterSet');
  switch (group.type) {
    case 'MLKEMTest': {
      if (test.seed === undefined) throw new Skip('expanded private keys of ML-KEM are not imported');
      const key = importKemKey(name, SecretBytes.take(hexAt(test, 'seed')));
      const secret = key.decapsulate(hexAt(test, 'c'));
      const isKey = test.ek === undefined || same(key.publicKey, hexAt(test, 'ek'));
      return isKey && secret.open(secretAccess, (bytes) => same(bytes, hexAt(test, 'K')));
    }
    case 'MLKEMKeyGen':
      return same(importKemKey(name, SecretBytes.take(hexAt(test, 'seed'))).publicKey, hexAt(test, 'ek'));
    case 'MLKEMEncapsTest':
      if (test.result === 'valid') throw new Skip('encapsulation cannot be made to repeat its randomness');
      return kemEncapsulateTo(name, hexAt(test, 'ek')).enc.length > 0;
    default:
      throw new Skip('expanded private keys of ML-KEM are not imported');
  }
}

export const kemWycheproof: RunnerFinder = ({ algorithm }) => (algorithm === 'ML-KEM' ? wycheproofMlkem : undefined);

function mlkemKeyGen(test: Json, group: Json): boolean {
  const seed = SecretBytes.take(new Uint8Array([...hexAt(test, 'd'), ...hexAt(test, 'z')]));
  return same(importKemKey(textAt(group, 'parameterSet'), seed).publicKey, hexAt(test, 'ek'));
}

async function mlkemUse(test: Json, group: Json): Promise<boolean> {
  if (group.function !== 'encapsulationKeyCheck') {
    throw new Skip('ML-KEM takes neither expanded private keys nor given randomness');
  }
  const name = textAt(group, 'parameterSet');
  return (await succeeds(() => kemEncapsulateTo(name, hexAt(test, 'ek')).enc.length > 0)) === test.testPassed;
}

const acvpRunners: Readonly<Record<string, CaseRunner>> = {
  'ML-KEM keyGen': mlkemKeyGen,
  'ML-KEM encapDecap': mlkemUse,
};

export const kemAcvp: RunnerFinder = ({ algorithm, mode }) => acvpRunners[`${String(algorithm)} ${String(mode)}`];
