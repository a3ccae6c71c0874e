// AEADs and key wrap of Wycheproof and ACVP.
import {
  type AeadSuite,
  aeadOpen,
  aeadSealWithNonce,
  aeadSizes,
  type KeyWrapAlgorithm,
  SecretBytes,
  unwrapKey,
  wrapKey,
} from '@quantumvault/crypto';
import { hexAt, same } from '../json.ts';
import type { CaseRunner, RunnerFinder } from '../source.ts';
import { Skip } from '../tally.ts';
import { succeeds } from './answers.ts';

interface Sizes {
  readonly key: unknown;
  readonly nonce: unknown;
  readonly tag: unknown;
}

function needOffered(suite: AeadSuite, { key, nonce, tag }: Sizes): void {
  const isOffered = key === 8 * aeadSizes.key && nonce === 8 * aeadSizes.nonce && tag === 8 * aeadSizes.tag;
  const name = suite.replace('AES-256', 'AES');
  if (!isOffered) throw new Skip(`${name} is offered with keys of 256, nonces of 96 and tags of 128 bits alone`);
}

interface AeadCase {
  readonly suite: AeadSuite;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
  readonly sealed: Uint8Array;
  /** Undefined when the published answer is that it does not open. */
  readonly plaintext: Uint8Array | undefined;
}

/** Opens the case; what should open is sealed as well, which must give the published bytes. */
function aeadAgrees({ suite, key: rawKey, nonce, aad, sealed, plaintext }: AeadCase): boolean {
  using key = SecretBytes.take(rawKey);
  const opened = aeadOpen({ suite, key, nonce, aad, sealed });
  if (plaintext === undefined) return true;
  return same(opened, plaintext) && same(aeadSealWithNonce({ suite, key, nonce, aad, plaintext }), sealed);
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(parts.flatMap((part) => [...part]));

function wycheproofAead(suite: AeadSuite): CaseRunner {
  return (test, group) => {
    needOffered(suite, { key: group.keySize, nonce: group.ivSize, tag: group.tagSize });
    const sealed = joined(hexAt(test, 'ct'), hexAt(test, 'tag'));
    const [key, nonce, aad] = [hexAt(test, 'key'), hexAt(test, 'iv'), hexAt(test, 'aad')];
    return aeadAgrees({ suite, key, nonce, aad, sealed, plaintext: hexAt(test, 'msg') });
  };
}

/** In ACVP, GCM has its tag apart, and GCM-SIV at the end of the ciphertext. */
function acvpAead(suite: AeadSuite): CaseRunner {
  return async (test, group) => {
    const nonce = hexAt(test, 'iv');
    needOffered(suite, { key: group.keyLen, nonce: 8 * nonce.length, tag: group.tagLen ?? 8 * aeadSizes.tag });
    const tag = test.tag === undefined ? new Uint8Array(0) : hexAt(test, 'tag');
    const sealed = joined(hexAt(test, 'ct'), tag);
    const plaintext = test.pt === undefined ? undefined : hexAt(test, 'pt');
    const [key, aad] = [hexAt(test, 'key'), hexAt(test, 'aad')];
    const agrees = await succeeds(() => aeadAgrees({ suite, key, nonce, aad, sealed, plaintext }));
    return agrees === (test.testPassed !== false);
  };
}

function keyWrap(algorithm: KeyWrapAlgorithm): CaseRunner {
  return (test, group) => {
    if (group.keySize !== 256) throw new Skip('AES key wrap is offered with wrapping keys of 256 bits alone');
    using kek = SecretBytes.take(hexAt(test, 'key'));
    using opened = unwrapKey({ algorithm, kek, wrapped: hexAt(test, 'ct') });
    using key = SecretBytes.take(hexAt(test, 'msg'));
    return opened.equals(key) && same(wrapKey({ algorithm, kek, key }), hexAt(test, 'ct'));
  };
}

const wycheproofRunners: ReadonlyMap<unknown, CaseRunner> = new Map<unknown, CaseRunner>([
  ['AES-GCM', wycheproofAead('AES-256-GCM')],
  ['AES-GCM-SIV', wycheproofAead('AES-256-GCM-SIV')],
  ['CHACHA20-POLY1305', wycheproofAead('ChaCha20-Poly1305')],
  ['AES-WRAP', keyWrap('AES-256-KW')],
  ['AES-KWP', keyWrap('AES-256-KWP')],
]);

const acvpRunners: ReadonlyMap<unknown, CaseRunner> = new Map<unknown, CaseRunner>([
  ['ACVP-AES-GCM', acvpAead('AES-256-GCM')],
  ['ACVP-AES-GCM-SIV', acvpAead('AES-256-GCM-SIV')],
]);

export const symmetricWycheproof: RunnerFinder = (suite) => wycheproofRunners.get(suite.algorithm);
export const symmetricAcvp: RunnerFinder = (suite) => acvpRunners.get(suite.algorithm);
