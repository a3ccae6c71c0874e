import { utf8 } from '../bytes.ts';

// What a byte is, looked up instead of matched: the reader of plain lines asks for each byte of an export.

/** Text of an export's form, as the bytes it has. */
export function asciiOf(text: string): Uint8Array {
  return utf8.encode(text);
}

const base64Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** The six bits of each base64 digit; negative for all else. */
export const sextets = new Int8Array(256).fill(-1);
for (let value = 0; value < 64; value += 1) sextets[base64Digits.charCodeAt(value)] = value;

const hex = '0123456789abcdef';
/** Codes of the two hexadecimal digits of a byte. */
export const hexHigh = Uint8Array.from({ length: 256 }, (_, byte) => hex.charCodeAt(byte >> 4));
export const hexLow = Uint8Array.from({ length: 256 }, (_, byte) => hex.charCodeAt(byte & 15));

/** In {@link plainByte}: part of a character beyond ASCII. */
export const plainHigh = 2;

/** 0 for a byte that JSON escapes (and U+007F, for which the long way decides too), 1 for ASCII as it is, 2 beyond it. */
export const plainByte = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x80) return plainHigh;
  return byte < 0x20 || byte === 0x22 || byte === 0x5c || byte === 0x7f ? 0 : 1;
});

/** Sets of characters of which the names in an event are made, one bit each (LEAF-6). */
export const characterClass = {
  lower: 1,
  letter: 2,
  kind: 4,
  action: 8,
  codeFirst: 16,
  code: 32,
  key: 64,
} as const;

const members: readonly (readonly [number, RegExp])[] = [
  [characterClass.lower, /[a-z]/],
  [characterClass.letter, /[A-Za-z]/],
  [characterClass.kind, /[a-z-]/],
  [characterClass.action, /[a-z0-9_.-]/],
  [characterClass.codeFirst, /[A-Za-z0-9]/],
  [characterClass.code, /[A-Za-z0-9._-]/],
  [characterClass.key, /[A-Za-z0-9_.-]/],
];
const classes = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = byte < 0x80 ? String.fromCharCode(byte) : '';
  return members.reduce((bits, [bit, pattern]) => (pattern.test(character) ? bits | bit : bits), 0);
});

/** The classes that a byte belongs to; none for no byte. */
export function classOf(byte: number | undefined): number {
  return classes[byte ?? 0] ?? 0;
}
