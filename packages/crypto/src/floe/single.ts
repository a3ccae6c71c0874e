// A value that fits into one segment, as a whole and at once: for fields of a table, where the steps of the stream cost more
// than the cipher. The bytes are those of the stream: three keys, a header and the last segment at position 0.
import { nativeGcmOpen, nativeGcmSeal } from '#native/aead';
import { nativeHmacSha384 } from '#native/hash';
import { CryptoError, need } from '../errors.ts';
import { constantTimeEqual } from '../hash.ts';
import { type SecretBytes, secretAccess } from '../secret-bytes.ts';
import { nextNonce } from '../symmetric/nonce-pool.ts';
import { encodeParameters, type FloeInput, floePurposes, floeSizes, needFloeInput, segmentLength } from './core.ts';

type SingleInput = Omit<FloeInput, 'rotationBits'>;

const overhead = floeSizes.header + floeSizes.segmentOverhead;
const parameterBytes = 10;
const ivEnd = parameterBytes + floeSizes.iv;
const lengthBytes = 4;
const nonceBytes = 12;
const plainAt = floeSizes.header + lengthBytes + nonceBytes;
const keyBytes = 32;
const messageKeyBytes = 48;
/** Position 0, and the last one. */
const lastAad = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1);
const segmentPurpose = new Uint8Array([...floePurposes.segmentKey, 0, 0, 0, 0, 0, 0, 0, 0]);

/** FLOE_KDF: the bytes are erased by the caller. */
function derive(key: Uint8Array, head: Uint8Array, purpose: Uint8Array, aad: Uint8Array): Uint8Array {
  const info = new Uint8Array(head.length + purpose.length + aad.length + 1);
  info.set(head);
  info.set(purpose, head.length);
  info.set(aad, head.length + purpose.length);
  info[info.length - 1] = 1;
  return nativeHmacSha384(key, [info]);
}

/** The key of the one segment, lent to `use`. `head` is parameters and IV. */
function withSegmentKey<T>(key: SecretBytes, head: Uint8Array, aad: Uint8Array, use: (key: Uint8Array) => T): T {
  const messageKey = key.open(secretAccess, (raw) => derive(raw, head, floePurposes.messageKey, aad));
  const segmentKey = derive(messageKey.subarray(0, messageKeyBytes), head, segmentPurpose, aad);
  try {
    return use(segmentKey.subarray(0, keyBytes));
  } finally {
    messageKey.fill(0);
    segmentKey.fill(0);
  }
}

function headerTag(key: SecretBytes, head: Uint8Array, aad: Uint8Array): Uint8Array {
  const tag = key.open(secretAccess, (raw) => derive(raw, head, floePurposes.headerTag, aad));
  return tag.subarray(0, floeSizes.header - ivEnd);
}

/**
 * Seals a value as a FLOE stream of one segment, 106 bytes over the plaintext, into `out` from `at` to its end. Throws
 * CRYPTO_LIMIT when it is longer than a segment holds, CRYPTO_MALFORMED for another room, and CRYPTO_KEY_INVALID.
 */
export function floeSealSingle(input: SingleInput, plaintext: Uint8Array, out: Uint8Array, at: number): void {
  needFloeInput(input);
  const { key, aad, segmentBytes } = input;
  const sealedBytes = plaintext.length + floeSizes.segmentOverhead;
  need(sealedBytes <= segmentBytes, 'CRYPTO_LIMIT', 'the value is longer than a FLOE segment holds');
  const fits = at >= 0 && out.length - at === plaintext.length + overhead;
  need(fits, 'CRYPTO_MALFORMED', 'the room for a FLOE value is 106 bytes more than the plaintext');
  out.set(encodeParameters(segmentBytes), at);
  out.set(nextNonce(floeSizes.iv), at + parameterBytes);
  const head = out.subarray(at, at + ivEnd);
  out.set(headerTag(key, head, aad), at + ivEnd);
  new DataView(out.buffer, out.byteOffset).setUint32(at + floeSizes.header, sealedBytes);
  const nonce = nextNonce(nonceBytes);
  out.set(nonce, at + floeSizes.header + lengthBytes);
  withSegmentKey(key, head, aad, (raw) => nativeGcmSeal(raw, nonce, lastAad, plaintext, out.subarray(at + plainAt)));
}

/**
 * Opens a FLOE stream of one segment. Throws CRYPTO_TRUNCATED, CRYPTO_AUTHENTICATION_FAILED and CRYPTO_SUITE_UNSUPPORTED
 * as the streaming reader does; a stream of more segments is CRYPTO_AUTHENTICATION_FAILED.
 */
export function floeOpenSingle(input: SingleInput, sealed: Uint8Array): Uint8Array {
  needFloeInput(input);
  const { key, aad, segmentBytes } = input;
  need(sealed.length >= overhead, 'CRYPTO_TRUNCATED', 'the stream ends before its last segment');
  const parameters = encodeParameters(segmentBytes);
  const isOurs = parameters.every((byte, index) => sealed[index] === byte);
  need(isOurs, 'CRYPTO_SUITE_UNSUPPORTED', 'the FLOE header names other parameters than expected');
  const head = sealed.subarray(0, ivEnd);
  const isHeader = constantTimeEqual(headerTag(key, head, aad), sealed.subarray(ivEnd, floeSizes.header));
  need(isHeader, 'CRYPTO_AUTHENTICATION_FAILED', 'the FLOE header does not belong to this key and data');
  // The length is the segment's own word, which its tag does not cover: it must be the length that is there (QV1-53).
  const length = sealed.length - floeSizes.header;
  const claimed = segmentLength(sealed.subarray(floeSizes.header)) ?? 0;
  need(length >= claimed, 'CRYPTO_TRUNCATED', 'the last segment is cut off');
  const isWhole = claimed === length && length <= segmentBytes;
  need(isWhole, 'CRYPTO_AUTHENTICATION_FAILED', 'the segment is not of the kind or length it must be');
  const nonce = sealed.subarray(floeSizes.header + lengthBytes, plainAt);
  const plaintext = withSegmentKey(key, head, aad, (raw) =>
    nativeGcmOpen(raw, nonce, lastAad, sealed.subarray(plainAt)),
  );
  if (plaintext !== undefined) return plaintext;
  throw new CryptoError('CRYPTO_AUTHENTICATION_FAILED', 'a segment does not open with this key at its position');
}
