/*
 * The vectors that are no envelopes, in the page: values of tables and detached signatures. And the key backend of the
 * vectors beside keys.
 */
import { SecretBytes } from '@quantumvault/crypto';
import { MemoryKeyWrapper } from '@quantumvault/ports';
import {
  type ColumnPlace,
  CompactColumn,
  type DetachedFacts,
  EnvelopeError,
  FloeColumn,
  type OpeningKey,
  OwnFieldKey,
  parseSigner,
  verifyContent,
} from '../../src/index.ts';

export interface ValueCase {
  readonly suite: 'compact' | 'floe' | 'compact-chacha20';
  /** All bytes are base64. */
  readonly key: string;
  readonly place: ColumnPlace;
  readonly locator: string;
  readonly sealed: string;
}

export interface DetachedCase {
  readonly content: string;
  readonly signature: string;
  readonly signers: readonly string[];
  readonly expected: DetachedFacts;
}

export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const toBase64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

/** Keys by `VERSION ID`, as base64. */
export function keyBackend(keys: Readonly<Record<string, string>>): OpeningKey {
  const wrapper = new MemoryKeyWrapper();
  for (const [name, key] of Object.entries(keys)) {
    const [version = '', keyId = ''] = name.split(' ');
    wrapper.add(keyId, Number(version), SecretBytes.take(fromBase64(key)));
  }
  return { type: 'kek', wrapper, mayUse: (keyId, version) => Object.hasOwn(keys, `${version} ${keyId}`) };
}

function opened({ suite, key, place, locator, sealed }: ValueCase): string | undefined {
  const own = OwnFieldKey.kept(SecretBytes.take(fromBase64(key)));
  const cipher = suite === 'compact' ? 'AES-256-GCM-SIV' : 'ChaCha20-Poly1305';
  const column = suite === 'floe' ? new FloeColumn(own, place) : new CompactColumn(own, { ...place, suite: cipher });
  const [value] = column.openMany([{ locator: fromBase64(locator), sealed: fromBase64(sealed) }]);
  return value instanceof Uint8Array ? toBase64(value) : value?.kind;
}

export const vectorFunctions = {
  /** Of each value its content, or the kind of its error. */
  openValues: (cases: readonly ValueCase[]): readonly (string | undefined)[] => cases.map(opened),

  /** Of each signature the kind of its error; nothing for a genuine one. */
  verifyAll: async (cases: readonly DetachedCase[]): Promise<readonly (string | undefined)[]> => {
    const kinds: (string | undefined)[] = [];
    for (const { content, signature, signers, expected } of cases) {
      const options = { signature: fromBase64(signature), signers: signers.map(parseSigner), expected };
      try {
        await verifyContent([fromBase64(content)], options);
        kinds.push(undefined);
      } catch (error) {
        if (!(error instanceof EnvelopeError)) throw error;
        kinds.push(error.kind);
      }
    }
    return kinds;
  },
};
