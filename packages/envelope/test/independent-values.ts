// Small values for the independent reader (section 14 of docs/spec/qv1.md), from the page and with the noble libraries alone.
import { gcmsiv } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha384 } from '@noble/hashes/sha2.js';
import { cborOf, Failure, need } from './independent-forms.ts';
import { openBody } from './independent-reader.ts';

type Bytes = Uint8Array;
export interface ValueInput {
  readonly suite: string;
  readonly key: Bytes;
  readonly place: { readonly tenant: string; readonly dataset: string; readonly column: string };
  readonly locator: Bytes;
}
const ascii = (text: string): Bytes => new TextEncoder().encode(text);
const cat = (...parts: readonly Bytes[]): Bytes => new Uint8Array(Buffer.concat(parts));

function openCompact(sealed: Bytes, { suite, key, place, locator }: ValueInput): Bytes {
  const isChacha = suite === 'compact-chacha20';
  const [label, aead] = isChacha
    ? (['QV1 compact ChaCha20-Poly1305', chacha20poly1305] as const)
    : (['QV1 compact', gcmsiv] as const);
  need(sealed.length >= 33, 'TRUNCATED');
  const epoch = Buffer.from(sealed).readUInt32BE(1);
  const info = cborOf([label, place.tenant, place.dataset, place.column, epoch]);
  const valueKey = hkdf(sha384, key, new Uint8Array(0), info, 32);
  try {
    return aead(valueKey, sealed.subarray(5, 17), cat(sealed.subarray(0, 5), locator)).decrypt(sealed.subarray(17));
  } catch {
    throw new Failure('AUTHENTICATION_FAILED');
  }
}
function openFloe(sealed: Bytes, { key, place, locator }: ValueInput): Bytes {
  need(sealed.length >= 107, 'TRUNCATED');
  const column = sha384(cat(ascii('QV1 column'), cborOf([place.tenant, place.dataset, place.column])));
  const checkRest = (rest: Bytes): void => need(rest.length === 0, 'AUTHENTICATION_FAILED');
  const body = sealed.subarray(1);
  need(!body.subarray(74, 78).every((byte) => byte === 0xff), 'AUTHENTICATION_FAILED');
  return cat(...openBody(key, cat(Uint8Array.of(2), column, locator), 1_048_576, body, checkRest));
}
/** The value, or the kind of failure. */
export function openValue(sealed: Bytes, input: ValueInput): Bytes | string {
  try {
    need(sealed.length > 0, 'TRUNCATED');
    need(sealed[0] === [0, 'compact', 'floe', 'compact-chacha20'].indexOf(input.suite), 'UNSUPPORTED');
    return input.suite === 'floe' ? openFloe(sealed, input) : openCompact(sealed, input);
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}
