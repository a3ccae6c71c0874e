// One-time codes of RFC 4226 (HOTP) and RFC 6238 (TOTP), which is the same with the time step as its counter.
//
// A code has 20 bits, so whoever verifies must count attempts, and must refuse a step that was used: neither is here,
// because both are state. SHA-1 is the default of all apps; HMAC with it is not known to be weak.

import { nativeHmacSha256 } from '#native/hash';
import { nativeHmacSha1, nativeHmacSha512 } from '#native/mac';
import { need } from '../errors.ts';
import { type SecretBytes, secretAccess } from '../secret-bytes.ts';

export type OneTimeCodeHash = 'SHA-1' | 'SHA-256' | 'SHA-512';

export interface OneTimeCodeInput {
  /** 16 to 64 bytes (RFC 4226 section 4, R6: at least 128 bits). */
  readonly secret: SecretBytes;
  /** The counter, or for TOTP the seconds since 1970 over 30, rounded down. */
  readonly counter: bigint;
  readonly hash: OneTimeCodeHash;
  readonly digits: 6 | 8;
}

const secretBytes = { min: 16, max: 64 } as const;
const counterMax = 2n ** 64n;

const macs: Readonly<Record<OneTimeCodeHash, (key: Uint8Array, bytes: Uint8Array) => Uint8Array>> = {
  'SHA-1': nativeHmacSha1,
  'SHA-256': (key, bytes) => nativeHmacSha256(key, [bytes]),
  'SHA-512': (key, bytes) => nativeHmacSha512(key, [bytes]),
};

/**
 * The code of one counter, as decimal digits with leading zeros. Compare it with `constantTimeEqual`. Throws
 * CRYPTO_KEY_INVALID for a secret outside its lengths and CRYPTO_LIMIT for a counter that is no 64-bit number.
 */
export function oneTimeCode({ secret, counter, hash, digits }: OneTimeCodeInput): string {
  const isLength = secret.length >= secretBytes.min && secret.length <= secretBytes.max;
  need(isLength, 'CRYPTO_KEY_INVALID', `a one-time secret has ${secretBytes.min} to ${secretBytes.max} bytes`);
  need(counter >= 0n && counter < counterMax, 'CRYPTO_LIMIT', 'the counter of a one-time code has 64 bits');
  need(Object.hasOwn(macs, hash), 'CRYPTO_OPTION_UNSUPPORTED', 'one-time codes are over SHA-1, SHA-256 or SHA-512');
  need(digits === 6 || digits === 8, 'CRYPTO_OPTION_UNSUPPORTED', 'a one-time code has 6 or 8 digits');
  const message = new Uint8Array(8);
  new DataView(message.buffer).setBigUint64(0, counter);
  const mac = secret.open(secretAccess, (key) => macs[hash](key, message));
  // RFC 4226 section 5.3: four bytes at the place that the last half-byte names, without the sign.
  const view = new DataView(mac.buffer, mac.byteOffset, mac.byteLength);
  const place = view.getUint8(mac.byteLength - 1) & 0xf;
  const number = view.getUint32(place) & 0x7fff_ffff;
  mac.fill(0);
  return String(number % 10 ** digits).padStart(digits, '0');
}
