import {
  CryptoError,
  gcmOpen,
  hkdfSha256,
  importKemKey,
  importSigningKey,
  importVerifyKey,
  kemEncapsulateTo,
  SecretBytes,
  secretAccess,
} from '@quantumvault/crypto';
import { hexAt, type Json, numberAt, objectsAt, same, textAt } from './json.ts';
import { Skip, type Tally } from './tally.ts';

type Runner = (test: Json, group: Json) => boolean;

/**
 * The answer of an attempt, where an error of the crypto package is a no: cases that must be refused may be refused either
 * way. Any other error says nothing about the case and fails it.
 */
export function succeeds(attempt: () => boolean): boolean {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof CryptoError) return false;
    throw error;
  }
}

function gcm(test: Json, group: Json): boolean {
  const isOffered = group.keySize === 256 && group.ivSize === 96 && group.tagSize === 128;
  if (!isOffered) throw new Skip('AES-GCM is offered with keys of 256, nonces of 96 and tags of 128 bits alone');
  using key = SecretBytes.take(hexAt(test, 'key'));
  const sealed = new Uint8Array([...hexAt(test, 'ct'), ...hexAt(test, 'tag')]);
  return same(gcmOpen({ key, nonce: hexAt(test, 'iv'), aad: hexAt(test, 'aad'), sealed }), hexAt(test, 'msg'));
}

function hkdf(test: Json): boolean {
  using ikm = SecretBytes.take(hexAt(test, 'ikm'));
  const input = { ikm, salt: hexAt(test, 'salt'), info: hexAt(test, 'info'), length: numberAt(test, 'size') };
  return hkdfSha256(input).open(secretAccess, (okm) => same(okm, hexAt(test, 'okm')));
}

function ed25519(test: Json, group: Json): boolean {
  const inner = group.publicKey as Json;
  const key = importVerifyKey({ algorithm: 'Ed25519', publicKey: hexAt(inner, 'pk') });
  return key.verify({ message: hexAt(test, 'msg'), signature: hexAt(test, 'sig') });
}

const mldsaNames = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const;
type Mldsa = (typeof mldsaNames)[number];
export const mldsaNamed = (name: unknown): Mldsa | undefined => mldsaNames.find((known) => known === name);

const contextOf = (test: Json) => (test.ctx === undefined ? {} : { context: hexAt(test, 'ctx') });

function mldsaVerify(algorithm: Mldsa): Runner {
  return (test, group) =>
    importVerifyKey({ algorithm, publicKey: hexAt(group, 'publicKey') }).verify({
      message: hexAt(test, 'msg'),
      signature: hexAt(test, 'sig'),
      ...contextOf(test),
    });
}

/** Signing is hedged, so the published bytes cannot be made again: key, published and fresh signature are checked. */
function mldsaSign(algorithm: Mldsa): Runner {
  return (test, group) => {
    if (test.msg === undefined) throw new Skip('the internal interface of ML-DSA (mu given) is not offered');
    using key = importSigningKey({ algorithm, privateKey: SecretBytes.take(hexAt(group, 'privateSeed')) });
    const message = hexAt(test, 'msg');
    const fresh = key.sign(message, contextOf(test));
    const verifier = importVerifyKey({ algorithm, publicKey: key.publicKey });
    return (
      same(key.publicKey, hexAt(group, 'publicKey')) &&
      verifier.verify({ message, signature: hexAt(test, 'sig'), ...contextOf(test) }) &&
      verifier.verify({ message, signature: fresh, ...contextOf(test) })
    );
  };
}

function mlkem(test: Json, group: Json): boolean {
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

function runnerOf(suite: Json): Runner | undefined {
  const algorithm = mldsaNamed(suite.algorithm);
  const schema = String(suite.schema);
  if (algorithm !== undefined && schema.startsWith('mldsa_verify')) return mldsaVerify(algorithm);
  if (algorithm !== undefined && schema.startsWith('mldsa_sign_seed')) return mldsaSign(algorithm);
  if (suite.algorithm === 'AES-GCM') return gcm;
  if (suite.algorithm === 'HKDF-SHA-256') return hkdf;
  if (suite.algorithm === 'EDDSA' && JSON.stringify(objectsAt(suite, 'testGroups')[0] ?? {}).includes('edwards25519')) {
    return ed25519;
  }
  return suite.algorithm === 'ML-KEM' ? mlkem : undefined;
}

export async function runWycheproof(suite: Json, tally: Tally): Promise<void> {
  const runner = runnerOf(suite);
  for (const group of objectsAt(suite, 'testGroups')) {
    for (const test of objectsAt(group, 'tests')) {
      if (runner === undefined) {
        tally.skip(`${String(suite.algorithm)} is not offered`);
        continue;
      }
      await tally.run(numberAt(test, 'tcId'), () => {
        if (test.result === 'valid') return runner(test, group);
        if (test.result === 'invalid') return !succeeds(() => runner(test, group));
        throw new Skip('the vectors leave it open whether the case is accepted');
      });
    }
  }
}
