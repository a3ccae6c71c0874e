import { TlogError } from './errors.ts';

const hexOf: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The tenant of events that belong to the installation and to no organization. */
export const platformTenant = '00000000-0000-0000-0000-000000000000';

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += hexOf[byte];
  return text;
}

/** The canonical lower-case text of the 16-byte UUID that begins at `at`. */
export function formatUuid(bytes: Uint8Array, at = 0): string {
  let text = '';
  for (let index = 0; index < 16; index += 1) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += '-';
    text += hexOf[bytes[at + index] ?? 0];
  }
  return text;
}

/** The 16 bytes of a UUID in canonical lower-case text. Throws TLOG_UUID_INVALID. */
export function parseUuid(text: string): Uint8Array {
  if (!uuidPattern.test(text)) throw new TlogError('TLOG_UUID_INVALID', 'not a UUID in lower-case canonical text');
  const digits = text.replaceAll('-', '');
  const bytes = new Uint8Array(16);
  for (let index = 0; index < 16; index += 1)
    bytes[index] = Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16);
  return bytes;
}

/** Joins byte strings. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * Tells whether two public byte strings are equal. It stops at the first difference: hashes, leaves and checkpoints are
 * no secrets, and the verifier compares one hash per event.
 */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

export const utf8 = new TextEncoder();
/** Refuses bad UTF-8 and keeps a leading U+FEFF as the character it is. */
export const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
