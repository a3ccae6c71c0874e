/*
 * Base64 (RFC 4648 section 4), canonical and nothing else: a decoder that forgives would let two different headers, or two
 * different armored files, be one and the same. The header of age has it without padding, the armor with it.
 */

const alphabet = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const none = 0xff;
const equals = 0x3d;
const values = new Uint8Array(256).fill(none);
for (const [value, character] of alphabet.entries()) values[character] = value;

/** Base64 as ASCII bytes. */
export function encodeBase64(bytes: Uint8Array, { isPadded }: { readonly isPadded: boolean }): Uint8Array {
  const length = Math.ceil((bytes.length * 4) / 3);
  const text = new Uint8Array(isPadded ? Math.ceil(bytes.length / 3) * 4 : length).fill(equals);
  for (let at = 0, out = 0; out < length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let shift = 18; shift >= 0 && out < length; shift -= 6) text[out++] = alphabet[(group >> shift) & 63] ?? 0;
  }
  return text;
}

/** The bytes behind canonical base64, or undefined for any other text. */
export function decodeBase64(text: Uint8Array, { isPadded }: { readonly isPadded: boolean }): Uint8Array | undefined {
  const used = isPadded ? withoutPadding(text) : text.length;
  if (used === undefined || used % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((used * 3) / 4));
  let group = 0;
  for (let at = 0, out = 0; at < used; at += 1) {
    const value = values[text[at] ?? 0] ?? none;
    if (value === none) return undefined;
    group = ((group << 6) | value) & 0xffffff;
    // After the second, third and fourth character of a group, one more byte is complete.
    const bits = (at % 4) * 2;
    if (bits === 0) continue;
    bytes[out++] = (group >> (6 - bits)) & 0xff;
  }
  // The bits behind the last byte are zero, or the same bytes would have a second text.
  const spare = (used % 4) * 6 - Math.floor(((used % 4) * 6) / 8) * 8;
  return (group & ((1 << spare) - 1)) === 0 ? bytes : undefined;
}

/** The number of characters before the padding, or undefined when the padding is not what it must be. */
function withoutPadding(text: Uint8Array): number | undefined {
  if (text.length % 4 !== 0) return undefined;
  if (text.length === 0 || text[text.length - 1] !== equals) return text.length;
  return text[text.length - 2] === equals ? text.length - 2 : text.length - 1;
}
