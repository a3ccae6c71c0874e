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

// Where the digits of each byte stand in a UUID, and the character codes of one, its dashes set. One buffer for all: an
// export has six UUIDs per event, and one call with all codes takes half the time of joining strings.
const digitPlaces = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34] as const;
const uuidCodes: number[] = new Array(36).fill(0x2d);
const hexCodes = Uint8Array.from(hexOf.join(''), (digit) => digit.charCodeAt(0));

/** The canonical lower-case text of the 16-byte UUID that begins at `at`. */
export function formatUuid(bytes: Uint8Array, at = 0): string {
  for (let index = 0; index < 16; index += 1) {
    const byte = bytes[at + index] ?? 0;
    const place = digitPlaces[index] ?? 0;
    uuidCodes[place] = hexCodes[byte * 2] ?? 0;
    uuidCodes[place + 1] = hexCodes[byte * 2 + 1] ?? 0;
  }
  return String.fromCharCode.apply(null, uuidCodes);
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

const latin1Slice = typeof Buffer === 'undefined' ? undefined : Buffer.prototype.latin1Slice;
// Not Latin-1 by its standard, but also one character of its own for each byte, which is all that is needed.
const byteDecoder = new TextDecoder('windows-1252');

/** Bytes as *byte text*: one character per byte, so that comparing texts is comparing bytes. */
export function byteText(bytes: Uint8Array): string {
  return latin1Slice === undefined ? byteDecoder.decode(bytes) : latin1Slice.call(bytes);
}
