// A share as text, for paper and for people who type it: `qvshare1` and 32 groups of four letters and digits.
//
//   version (1) || set id (16) || index (1) || threshold (1) || epoch (4) || value (33) || salt (16) || checksum (8)
//
// in base32 (RFC 4648, lower case, no padding: 80 bytes are exactly 128 characters). The checksum is the beginning of
// SHA-256 over label and fields: it finds every typing error but one in 2^64, and says nothing about who made the share,
// which is the commitment's part.

import { CryptoError, need } from '../errors.ts';
import { constantTimeEqual, sha256 } from '../hash.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import type { SecretShare } from './share.ts';

const prefix = 'qvshare1';
const version = 1;
const letters = 'abcdefghijklmnopqrstuvwxyz234567';
const label = new TextEncoder().encode('QuantumVault share text 1');
const fieldBytes = 72;
const checksumBytes = 8;
const groupLength = 4;
const textMax = 512;

function checksumOf(fields: Uint8Array): Uint8Array {
  const input = new Uint8Array(label.length + fields.length);
  input.set(label, 0);
  input.set(fields, label.length);
  const digest = sha256(input).subarray(0, checksumBytes);
  input.fill(0);
  return digest;
}

function toBase32(bytes: Uint8Array): string {
  let [text, held, bits] = ['', 0, 0];
  for (const byte of bytes) {
    held = (held << 8) + byte;
    for (bits += 8; bits >= 5; bits -= 5) text += letters[(held >> (bits - 5)) & 31] ?? '';
    held &= (1 << bits) - 1;
  }
  return text;
}

function fromBase32(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length * 5) >> 3);
  let [held, bits, at] = [0, 0, 0];
  for (const letter of text) {
    const five = letters.indexOf(letter);
    need(five >= 0, 'CRYPTO_MALFORMED', 'a share is written in the letters a to z and the digits 2 to 7');
    held = (held << 5) + five;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >> bits;
      held &= (1 << bits) - 1;
    }
  }
  return bytes;
}

/** The text of a share. It is a secret, and a JavaScript string cannot be erased: print or show it once, and let it go. */
export function encodeShare({ setId, index, threshold, epoch, value, salt }: SecretShare): string {
  const bytes = new Uint8Array(fieldBytes + checksumBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, version);
  bytes.set(setId, 1);
  view.setUint8(17, index);
  view.setUint8(18, threshold);
  view.setUint32(19, epoch);
  value.open(secretAccess, (raw) => bytes.set(raw, 23));
  bytes.set(salt, 56);
  bytes.set(checksumOf(bytes.subarray(0, fieldBytes)), fieldBytes);
  const groups = toBase32(bytes).match(/.{4}/g) ?? [];
  bytes.fill(0);
  return [prefix, ...groups].join('-');
}

/**
 * Reads a share's text; case, spaces and hyphens do not matter. Throws CRYPTO_MALFORMED, which says whether the length,
 * a letter or the checksum is wrong.
 */
export function decodeShare(text: string): SecretShare {
  need(text.length <= textMax, 'CRYPTO_LIMIT', `the text of a share has at most ${textMax} characters`);
  const plain = text.replaceAll(/[\s-]/g, '').toLowerCase();
  need(plain.startsWith(prefix), 'CRYPTO_MALFORMED', `the text of a share begins with ${prefix}`);
  const body = plain.slice(prefix.length);
  const length = ((fieldBytes + checksumBytes) * 8) / 5;
  const groups = length / groupLength;
  need(body.length === length, 'CRYPTO_MALFORMED', `a share has ${groups} groups of ${groupLength} characters`);
  const bytes = fromBase32(body);
  const fields = bytes.subarray(0, fieldBytes);
  const isTyped = constantTimeEqual(checksumOf(fields), bytes.subarray(fieldBytes));
  if (!isTyped) {
    bytes.fill(0);
    throw new CryptoError('CRYPTO_MALFORMED', 'the checksum of the share is wrong: look for a typing error');
  }
  const view = new DataView(fields.buffer);
  need(view.getUint8(0) === version, 'CRYPTO_SUITE_UNSUPPORTED', 'the share is of a version that is not known');
  const share = {
    setId: fields.slice(1, 17),
    index: view.getUint8(17),
    threshold: view.getUint8(18),
    epoch: view.getUint32(19),
    salt: fields.slice(56, 72),
  };
  const isPossible = share.index >= 1 && share.threshold >= 2 && share.epoch >= 1;
  need(isPossible, 'CRYPTO_MALFORMED', 'the share has an index, threshold or epoch that cannot be');
  const value = SecretBytes.take(fields.subarray(23, 56));
  bytes.fill(0);
  return { ...share, value };
}
