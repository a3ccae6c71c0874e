import { nativeHkdfSha512, nativeHmacSha512, nativeKmac256 } from '#native/mac';
import { need } from '../errors.ts';
import { type HkdfInput, needHkdf } from '../hash.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';

/** HMAC-SHA-512 (RFC 2104), 64 bytes. Compare tags with `constantTimeEqual`. */
export function hmacSha512(key: SecretBytes, bytes: Uint8Array): Uint8Array {
  return key.open(secretAccess, (raw) => nativeHmacSha512(raw, [bytes]));
}

/** HKDF-SHA-512 (RFC 5869), up to 16,320 bytes. Throws CRYPTO_LIMIT for a length or info outside its bounds. */
export function hkdfSha512(input: HkdfInput): SecretBytes {
  needHkdf(input, 64);
  const { ikm, salt, info, length } = input;
  return ikm.open(secretAccess, (raw) => SecretBytes.take(nativeHkdfSha512(raw, salt, info, length)));
}

// 14 bytes are the 112 bits below which NIST approves nothing; the upper bounds are OpenSSL's.
const kmac = { keyMin: 14, keyMax: 512, customizationMax: 512, lengthMax: 64 * 1024 } as const;

export interface KmacInput {
  readonly key: SecretBytes;
  readonly bytes: Uint8Array;
  /** Separates the uses of one key; there is no default. */
  readonly customization: Uint8Array;
  /** Bytes wanted. The length is authenticated: a shorter tag is not the beginning of a longer one. */
  readonly length: number;
}

function runKmac({ key, bytes, customization, length }: KmacInput): Uint8Array {
  const isKey = key.length >= kmac.keyMin && key.length <= kmac.keyMax;
  need(isKey, 'CRYPTO_KEY_INVALID', `KMAC256 takes a key of ${kmac.keyMin} to ${kmac.keyMax} bytes`);
  const isLength = Number.isSafeInteger(length) && length >= 1 && length <= kmac.lengthMax;
  need(isLength, 'CRYPTO_LIMIT', `KMAC256 gives 1 to ${kmac.lengthMax} bytes here`);
  const isShort = customization.length <= kmac.customizationMax;
  need(isShort, 'CRYPTO_LIMIT', `a customization holds at most ${kmac.customizationMax} bytes`);
  return key.open(secretAccess, (raw) => nativeKmac256(raw, bytes, customization, length));
}

/** KMAC256 (NIST SP 800-185) as a tag. Throws CRYPTO_KEY_INVALID and CRYPTO_LIMIT. */
export function kmac256(input: KmacInput): Uint8Array {
  return runKmac(input);
}

/** KMAC256 as a key derivation (NIST SP 800-108r1): `bytes` is the context and `customization` the label. */
export function deriveKmac256(input: KmacInput): SecretBytes {
  return SecretBytes.take(runKmac(input));
}
