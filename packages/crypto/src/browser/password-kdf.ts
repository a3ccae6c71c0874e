import { pbkdf2Async } from '@noble/hashes/pbkdf2.js';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import type { NativePbkdf2Input, NativeScryptInput } from '../native/password-kdf.ts';
import { blockMs } from './pace.ts';

export type { NativePbkdf2Hash, NativePbkdf2Input, NativeScryptInput } from '../native/password-kdf.ts';

/** scrypt (RFC 7914), in slices between which the page lives on. The caller checks limits first. */
export function nativeScrypt(input: NativeScryptInput): Promise<Uint8Array> {
  const { password, salt, cost, blockSize, parallelism, length } = input;
  const maxmem = 128 * blockSize * (cost + parallelism + 4);
  const options = { N: cost, r: blockSize, p: parallelism, dkLen: length, maxmem, asyncTick: blockMs };
  return scryptAsync(password, salt, options);
}

/** PBKDF2-HMAC (RFC 8018), in slices between which the page lives on. The caller checks limits first. */
export function nativePbkdf2({ password, salt, hash, iterations, length }: NativePbkdf2Input): Promise<Uint8Array> {
  const options = { c: iterations, dkLen: length, asyncTick: blockMs };
  return pbkdf2Async(hash === 'sha256' ? sha256 : sha512, password, salt, options);
}
