import { equalBytes } from '@noble/ciphers/utils.js';

/** What `getRandomValues` fills at once (Web Cryptography API, section 10.1.1). */
const callBytesMax = 65_536;

/** Fills `target` from the browser's generator. If that fails it throws, and there is no other source. */
export function fillRandom(target: Uint8Array): void {
  const { buffer, byteOffset, length } = target;
  if (!(buffer instanceof ArrayBuffer)) throw new TypeError('random bytes go into memory that is not shared');
  for (let at = 0; at < length; at += callBytesMax) {
    crypto.getRandomValues(new Uint8Array(buffer, byteOffset + at, Math.min(callBytesMax, length - at)));
  }
}

/**
 * Compares two arrays of the same length by work that does not depend on their content. What a browser's compiler makes
 * of it is up to the compiler.
 */
export function equalSameLength(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) throw new RangeError('only arrays of one length are compared');
  return equalBytes(a, b);
}
