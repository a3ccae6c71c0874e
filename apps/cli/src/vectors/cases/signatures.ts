// Signatures of Wycheproof and ACVP.
import {
  importSigningKey,
  importVerifyKey,
  SecretBytes,
  secretAccess,
  slhDsaAlgorithms,
  slhDsaPrivateKeyFromSeed,
  verifySignature,
} from '@quantumvault/crypto';
import { hexAt, type Json, same } from '../json.ts';
import { accepted, type CaseRunner, type RunnerFinder } from '../source.ts';
import { Skip } from '../tally.ts';
import { succeeds } from './answers.ts';

const mldsaNames = ['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const;
type Mldsa = (typeof mldsaNames)[number];
const mldsaNamed = (name: unknown): Mldsa | undefined => mldsaNames.find((known) => known === name);

const contextOf = (test: Json) => (test.ctx === undefined ? {} : { context: hexAt(test, 'ctx') });

function ed25519(test: Json, group: Json): boolean {
  const inner = group.publicKey as Json;
  const key = importVerifyKey({ algorithm: 'Ed25519', publicKey: hexAt(inner, 'pk') });
  return accepted(key.verify({ message: hexAt(test, 'msg'), signature: hexAt(test, 'sig') }));
}

function mldsaVerify(algorithm: Mldsa): CaseRunner {
  return (test, group) =>
    accepted(
      importVerifyKey({ algorithm, publicKey: hexAt(group, 'publicKey') }).verify({
        message: hexAt(test, 'msg'),
        signature: hexAt(test, 'sig'),
        ...contextOf(test),
      }),
    );
}

/** Signing is hedged, so the published bytes cannot be made again: key, published and fresh signature are checked. */
function mldsaSign(algorithm: Mldsa): CaseRunner {
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

export const signatureWycheproof: RunnerFinder = (suite) => {
  const algorithm = mldsaNamed(suite.algorithm);
  const schema = String(suite.schema);
  if (algorithm !== undefined && schema.startsWith('mldsa_verify')) return mldsaVerify(algorithm);
  if (algorithm !== undefined && schema.startsWith('mldsa_sign_seed')) return mldsaSign(algorithm);
  const isEdwards25519 = suite.algorithm === 'EDDSA' && JSON.stringify(suite).includes('edwards25519');
  return isEdwards25519 ? ed25519 : undefined;
};

function mldsaOf(group: Json): Mldsa {
  const algorithm = mldsaNamed(group.parameterSet);
  if (algorithm === undefined) throw new Skip(`${String(group.parameterSet)} is not offered`);
  return algorithm;
}

function acvpMldsaKeyGen(test: Json, group: Json): boolean {
  const privateKey = SecretBytes.take(hexAt(test, 'seed'));
  return same(importSigningKey({ algorithm: mldsaOf(group), privateKey }).publicKey, hexAt(test, 'pk'));
}

/** The private key is computed from its seeds, as FIPS 205 makes keys. */
async function acvpSlhDsaKeyGen(test: Json, group: Json): Promise<boolean> {
  const algorithm = slhDsaAlgorithms.find((known) => known === group.parameterSet);
  if (algorithm === undefined) throw new Skip(`${String(group.parameterSet)} is not offered`);
  const parts = [hexAt(test, 'skSeed'), hexAt(test, 'skPrf'), hexAt(test, 'pkSeed')];
  using seed = SecretBytes.take(new Uint8Array(Buffer.concat(parts)));
  using privateKey = await slhDsaPrivateKeyFromSeed(algorithm, seed);
  using key = importSigningKey({ algorithm, privateKey });
  const isKey = test.sk === undefined || privateKey.open(secretAccess, (bytes) => same(bytes, hexAt(test, 'sk')));
  return isKey && same(key.publicKey, hexAt(test, 'pk'));
}

function needExternal(group: Json): void {
  if (group.signatureInterface !== 'external' || group.preHash !== 'pure') {
    throw new Skip('ML-DSA is offered with its external interface and without pre-hash alone');
  }
}

async function acvpMldsaVerify(test: Json, group: Json): Promise<boolean> {
  needExternal(group);
  const genuine = await succeeds(() =>
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

/**
 * Signing is hedged, so the published bytes cannot be made again: both signatures must verify under the public key that
 * belongs to the expanded private key.
 */
function acvpMldsaSign(test: Json, group: Json): boolean {
  needExternal(group);
  const algorithm = mldsaOf(group);
  using key = importSigningKey({ algorithm, privateKey: SecretBytes.take(hexAt(test, 'sk')) });
  const [message, context, published] = [hexAt(test, 'message'), hexAt(test, 'context'), hexAt(test, 'signature')];
  const verifier = importVerifyKey({ algorithm, publicKey: key.publicKey });
  const fresh = key.sign(message, { context });
  return (
    verifier.verify({ message, signature: published, context }) &&
    verifier.verify({ message, signature: fresh, context })
  );
}

function needEd25519({ curve, preHash }: Json, test: Json): void {
  const isPlain = curve === 'ED-25519' && preHash === false && (test.context ?? '') === '';
  if (!isPlain) throw new Skip('of EdDSA, Ed25519 without pre-hash and context alone is offered');
}

function acvpEddsaSign(test: Json, group: Json): boolean {
  needEd25519(group, test);
  const privateKey = SecretBytes.take(hexAt(group, 'd'));
  using key = importSigningKey({ algorithm: 'Ed25519', privateKey });
  return same(key.publicKey, hexAt(group, 'q')) && same(key.sign(hexAt(test, 'message')), hexAt(test, 'signature'));
}

async function acvpEddsaVerify(test: Json, group: Json): Promise<boolean> {
  needEd25519(group, test);
  const [publicKey, message, signature] = [hexAt(test, 'q'), hexAt(test, 'message'), hexAt(test, 'signature')];
  const genuine = await succeeds(() => verifySignature({ algorithm: 'Ed25519', publicKey, message, signature }));
  return genuine === test.testPassed;
}

const acvpRunners: Readonly<Record<string, CaseRunner>> = {
  'ML-DSA keyGen': acvpMldsaKeyGen,
  'ML-DSA sigGen': acvpMldsaSign,
  'ML-DSA sigVer': acvpMldsaVerify,
  'SLH-DSA keyGen': acvpSlhDsaKeyGen,
  'EDDSA sigGen': acvpEddsaSign,
  'EDDSA sigVer': acvpEddsaVerify,
};

export const signatureAcvp: RunnerFinder = ({ algorithm, mode }) => acvpRunners[`${String(algorithm)} ${String(mode)}`];
