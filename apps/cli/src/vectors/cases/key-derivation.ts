// HKDF, PBKDF2 and KMAC of Wycheproof and ACVP.
import {
  deriveKmac256,
  type HkdfInput,
  hkdfSha256,
  hkdfSha384,
  hkdfSha512,
  type Pbkdf2Cost,
  pbkdf2ForReading,
  SecretBytes,
  secretAccess,
} from '@quantumvault/crypto';
import { hexAt, type Json, numberAt, same } from '../json.ts';
import type { CaseRunner, RunnerFinder } from '../source.ts';
import { Skip } from '../tally.ts';

function isSecret(secret: SecretBytes, expected: Uint8Array): boolean {
  return secret.open(secretAccess, (bytes) => same(bytes, expected));
}

function hkdf(derive: (input: HkdfInput) => SecretBytes): CaseRunner {
  return (test) => {
    using ikm = SecretBytes.take(hexAt(test, 'ikm'));
    using okm = derive({ ikm, salt: hexAt(test, 'salt'), info: hexAt(test, 'info'), length: numberAt(test, 'size') });
    return isSecret(okm, hexAt(test, 'okm'));
  };
}

/** The rounds are those of the vectors, fewer than a password hash may have: the reading function takes them. */
function pbkdf2(hash: Pbkdf2Cost['hash']): CaseRunner {
  return async (test) => {
    using password = SecretBytes.take(hexAt(test, 'password'));
    const cost = { hash, iterations: numberAt(test, 'iterationCount') };
    using key = await pbkdf2ForReading({ password, salt: hexAt(test, 'salt'), length: numberAt(test, 'dkLen'), cost });
    return isSecret(key, hexAt(test, 'dk'));
  };
}

/** SP 800-108r1 derives with the context as the message and the label as the customization. */
function kmac(test: Json, group: Json): boolean {
  if (group.macMode !== 'KMAC-256') throw new Skip(`${String(group.macMode)} is not offered`);
  using key = SecretBytes.take(hexAt(test, 'keyDerivationKey'));
  const [bytes, customization] = [hexAt(test, 'context'), hexAt(test, 'label')];
  using derived = deriveKmac256({ key, bytes, customization, length: numberAt(test, 'derivedKeyLength') / 8 });
  return isSecret(derived, hexAt(test, 'derivedKey'));
}

const wycheproofRunners: ReadonlyMap<unknown, CaseRunner> = new Map<unknown, CaseRunner>([
  ['HKDF-SHA-256', hkdf(hkdfSha256)],
  ['HKDF-SHA-384', hkdf(hkdfSha384)],
  ['HKDF-SHA-512', hkdf(hkdfSha512)],
  ['PBKDF2-HMACSHA256', pbkdf2('sha256')],
  ['PBKDF2-HMACSHA512', pbkdf2('sha512')],
]);

export const derivationWycheproof: RunnerFinder = (suite) => wycheproofRunners.get(suite.algorithm);
export const derivationAcvp: RunnerFinder = ({ algorithm, mode }) =>
  algorithm === 'KDF' && mode === 'KMAC' ? kmac : undefined;
