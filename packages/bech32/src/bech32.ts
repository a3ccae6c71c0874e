import { Bech32Error, need } from './errors.ts';

/** `bech32` is BIP 173, `bech32m` BIP 350; they differ in one constant of the checksum. */
export type Bech32Variant = keyof typeof finalConstants;

const alphabet = new TextEncoder().encode('qpzry9x8gf2tvdw0s3jn54khce6mua7l');
const groupOf = new Map(Array.from(alphabet, (character, value) => [character, value]));
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
const finalConstants = { bech32: 1, bech32m: 0x2bc830a3 } as const;
const checksumCharacters = 6;
const separator = 0x31; // the digit one
const charactersMax = 8192;

function polymod(values: Iterable<number>): number {
  let state = 1;
  for (const value of values) {
    const top = state >>> 25;
    state = ((state & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of generators.entries()) if ((top >> bit) & 1) state ^= generator;
  }
  return state;
}

function* prefixValues(prefix: string): Generator<number> {
  for (const character of prefix) yield character.charCodeAt(0) >> 5;
  yield 0;
  for (const character of prefix) yield character.charCodeAt(0) & 31;
}

/** Groups of five bits, the last one filled up with zeros. */
function toGroups(bytes: Uint8Array): Uint8Array {
  const groups = new Uint8Array(Math.ceil((bytes.length * 8) / 5));
  let [pending, bits, at] = [0, 0, 0];
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) groups[at++] = (pending >> (bits - 5)) & 31;
  }
  if (bits > 0) groups[at] = (pending << (5 - bits)) & 31;
  return groups;
}

function fromGroups(groups: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.floor((groups.length * 5) / 8));
  let [pending, bits, at] = [0, 0, 0];
  for (const group of groups) {
    pending = ((pending << 5) | group) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (pending >> bits) & 0xff;
  }
  // One key has one text: what is left over is less than a group, and zero.
  need(bits < 5 && (pending & ((1 << bits) - 1)) === 0, 'BECH32_INVALID', 'the text of the key has bits too many');
  return bytes;
}

/** `prefix`, the digit one, and payload with checksum, as lower-case ASCII. */
export function encodeBech32(variant: Bech32Variant, prefix: string, payload: Uint8Array): Uint8Array {
  const groups = toGroups(payload);
  const room = new Uint8Array(checksumCharacters);
  const checksum = polymod(valuesOf(prefix, groups, room)) ^ finalConstants[variant];
  const text = new Uint8Array(prefix.length + 1 + groups.length + checksumCharacters);
  text.set(new TextEncoder().encode(prefix));
  text[prefix.length] = separator;
  const at = prefix.length + 1;
  for (const [index, group] of groups.entries()) text[at + index] = alphabet[group] ?? 0;
  for (let index = 0; index < checksumCharacters; index += 1) {
    text[at + groups.length + index] = alphabet[(checksum >> (5 * (checksumCharacters - 1 - index))) & 31] ?? 0;
  }
  groups.fill(0);
  return text;
}

function* valuesOf(prefix: string, ...parts: readonly Uint8Array[]): Generator<number> {
  yield* prefixValues(prefix);
  for (const part of parts) yield* part;
}

const isUpper = (character: number): boolean => character >= 0x41 && character <= 0x5a;
const isLower = (character: number): boolean => character >= 0x61 && character <= 0x7a;

/**
 * The payload behind `prefix`, in either case but not in both. Throws BECH32_INVALID for another prefix, a wrong checksum,
 * mixed case and bits too many.
 */
export function decodeBech32(variant: Bech32Variant, prefix: string, text: Uint8Array): Uint8Array {
  need(text.length <= charactersMax, 'BECH32_LIMIT', `the text of a key has at most ${charactersMax} characters`);
  need(!(text.some(isUpper) && text.some(isLower)), 'BECH32_INVALID', 'the text of a key mixes upper and lower case');
  const lower = text.map((character) => (isUpper(character) ? character | 0x20 : character));
  const groups = new Uint8Array(Math.max(0, text.length - prefix.length - 1));
  try {
    const hasPrefix = Array.from(prefix).every((character, index) => lower[index] === character.charCodeAt(0));
    const isPrefixed = hasPrefix && lower[prefix.length] === separator;
    need(isPrefixed, 'BECH32_INVALID', `the text of the key does not begin with ${prefix}1`);
    for (const [index, character] of lower.subarray(prefix.length + 1).entries()) {
      const value = groupOf.get(character);
      if (value === undefined) throw new Bech32Error('BECH32_INVALID', 'the text has a character that no key has');
      groups[index] = value;
    }
    const isWhole =
      groups.length >= checksumCharacters && polymod(valuesOf(prefix, groups)) === finalConstants[variant];
    need(isWhole, 'BECH32_INVALID', 'the text of the key was miscopied: its checksum is wrong');
    return fromGroups(groups.subarray(0, groups.length - checksumCharacters));
  } finally {
    lower.fill(0);
    groups.fill(0);
  }
}
