// Wrapping of keys by keys without a nonce, for devices and formats that ask for it (PKCS#11, CMS, JOSE); our own formats
// wrap with an AEAD that binds a context, which these cannot. Prefer KWP: it takes every length, while KW takes multiples of
// eight bytes from sixteen on. Of an eight-byte key RFC 3394 has no wrapping; implementations that write one anyway do not
// agree, so it is refused here before OpenSSL sees it.

import { type NativeKeyWrap, nativeUnwrap, nativeWrap } from '#native/key-wrap';
import { CryptoError, need } from '../errors.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';

/** A registry id. */
export type KeyWrapAlgorithm = NativeKeyWrap;

const kekBytes = 32;
/** Large enough for the private key of every algorithm; wrapped data is keys, never files. */
const keyBytesMax = 64 * 1024;
const semiblock = 8;

interface Shape {
  readonly isKeyLength: (length: number) => boolean;
  readonly isWrappedLength: (length: number) => boolean;
  readonly says: string;
}

const whole = (length: number): boolean => length % semiblock === 0;
const shapes: Readonly<Record<KeyWrapAlgorithm, Shape>> = {
  'AES-256-KW': {
    isKeyLength: (length) => whole(length) && length >= 2 * semiblock,
    isWrappedLength: (length) => whole(length) && length >= 3 * semiblock,
    says: 'AES key wrap takes a multiple of 8 bytes, at least 16; AES-256-KWP takes every length',
  },
  'AES-256-KWP': {
    isKeyLength: (length) => length >= 1,
    isWrappedLength: (length) => whole(length) && length >= 2 * semiblock,
    says: 'AES key wrap with padding takes at least 1 byte',
  },
};

function shapeOf(algorithm: KeyWrapAlgorithm, kek: SecretBytes): Shape {
  need(Object.hasOwn(shapes, algorithm), 'CRYPTO_SUITE_UNSUPPORTED', 'keys are wrapped by AES-256-KW or AES-256-KWP');
  need(kek.length === kekBytes, 'CRYPTO_KEY_INVALID', `${algorithm} takes a wrapping key of ${kekBytes} bytes`);
  return shapes[algorithm];
}

export interface WrapKeyInput {
  readonly algorithm: KeyWrapAlgorithm;
  readonly kek: SecretBytes;
  readonly key: SecretBytes;
}

export interface UnwrapKeyInput {
  readonly algorithm: KeyWrapAlgorithm;
  readonly kek: SecretBytes;
  readonly wrapped: Uint8Array;
}

/**
 * Wraps `key`; equal keys give equal bytes. Throws CRYPTO_KEY_INVALID for a length of either key that the algorithm does
 * not take, and CRYPTO_LIMIT.
 */
export function wrapKey({ algorithm, kek, key }: WrapKeyInput): Uint8Array {
  const { isKeyLength, says } = shapeOf(algorithm, kek);
  need(key.length <= keyBytesMax, 'CRYPTO_LIMIT', `a wrapped key has at most ${keyBytesMax} bytes`);
  need(isKeyLength(key.length), 'CRYPTO_KEY_INVALID', says);
  return kek.open(secretAccess, (rawKek) => key.open(secretAccess, (raw) => nativeWrap(algorithm, rawKek, raw)));
}

/** Opens what {@link wrapKey} wrote. Throws CRYPTO_MALFORMED for an impossible length and CRYPTO_AUTHENTICATION_FAILED. */
export function unwrapKey({ algorithm, kek, wrapped }: UnwrapKeyInput): SecretBytes {
  const { isWrappedLength } = shapeOf(algorithm, kek);
  need(wrapped.length <= keyBytesMax + 2 * semiblock, 'CRYPTO_LIMIT', `a wrapped key has at most ${keyBytesMax} bytes`);
  need(isWrappedLength(wrapped.length), 'CRYPTO_MALFORMED', `${algorithm} does not write values of this length`);
  const key = kek.open(secretAccess, (raw) => nativeUnwrap(algorithm, raw, wrapped));
  if (key === undefined) {
    throw new CryptoError('CRYPTO_AUTHENTICATION_FAILED', 'the wrapped key does not open with this key');
  }
  return SecretBytes.take(key);
}
