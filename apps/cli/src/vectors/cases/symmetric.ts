// Symmetric algorithms of Wycheproof and ACVP.
import { gcmOpen, hkdfSha256, SecretBytes, secretAccess } from '@quantumvault/crypto';
import { hexAt, type Json, numberAt, same } from '../json.ts';
import type { CaseRunner, RunnerFinder } from '../source.ts';
import { Skip } from '../tally.ts';
import { succeeds } from './answers.ts';

const gcmSizes = 'AES-GCM is offered with keys of 256, nonces of 96 and tags of 128 bits alone';

function gcmOf(test: Json): Uint8Array {
  using key = SecretBytes.take(hexAt(test, 'key'));
  const sealed = new Uint8Array([...hexAt(test, 'ct'), ...hexAt(test, 'tag')]);
  return gcmOpen({ key, nonce: hexAt(test, 'iv'), aad: hexAt(test, 'aad'), sealed });
}

function wycheproofGcm(test: Json, group: Json): boolean {
  const isOffered = group.keySize === 256 && group.ivSize === 96 && group.tagSize === 128;
  if (!isOffered) throw new Skip(gcmSizes);
  return same(gcmOf(test), hexAt(test, 'msg'));
}

async function acvpGcm(test: Json, group: Json): Promise<boolean> {
  const isOffered = group.keyLen === 256 && group.ivLen === 96 && group.tagLen === 128;
  if (!isOffered) throw new Skip(gcmSizes);
  const opened = await succeeds(() => {
    const plaintext = gcmOf(test);
    return test.pt === undefined || same(plaintext, hexAt(test, 'pt'));
  });
  return opened === (test.testPassed !== false);
}

function hkdf(test: Json): boolean {
  using ikm = SecretBytes.take(hexAt(test, 'ikm'));
  const input = { ikm, salt: hexAt(test, 'salt'), info: hexAt(test, 'info'), length: numberAt(test, 'size') };
  return hkdfSha256(input).open(secretAccess, (okm) => same(okm, hexAt(test, 'okm')));
}

const wycheproofRunners: ReadonlyMap<unknown, CaseRunner> = new Map<unknown, CaseRunner>([
  ['AES-GCM', wycheproofGcm],
  ['HKDF-SHA-256', hkdf],
]);

export const symmetricWycheproof: RunnerFinder = (suite) => wycheproofRunners.get(suite.algorithm);
export const symmetricAcvp: RunnerFinder = (suite) => (suite.algorithm === 'ACVP-AES-GCM' ? acvpGcm : undefined);
