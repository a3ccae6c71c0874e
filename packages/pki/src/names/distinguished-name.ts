import { DerReader, decodeOid, derTag, hex, latin1 } from '../der/reader.ts';

/** Short names of RFC 4514 section 3 (the table) and the ones that OpenSSL and browsers print; all others stay dotted. */
export const attributeNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.6': 'C',
  '2.5.4.9': 'STREET',
  '0.9.2342.19200300.100.1.25': 'DC',
  '0.9.2342.19200300.100.1.1': 'UID',
};

/** One attribute of a name. */
export interface NameAttribute {
  /** Dotted. */
  readonly type: string;
  /** Undefined when the value is no text, or text that does not decode. */
  readonly text: string | undefined;
  /** The whole value in DER. */
  readonly der: Uint8Array;
}

/** The attributes of a Name's content in the order of their encoding; those of one inner list belong together. */
export type NameAttributes = readonly (readonly NameAttribute[])[];

/** Reads a Name's content. Throws `PKI_DER_MALFORMED`. */
export function readName(content: Uint8Array): NameAttributes {
  const names = new DerReader(content);
  const relative: NameAttribute[][] = [];
  while (!names.isDone) {
    const set = new DerReader(names.expect(derTag.set).content);
    const parts: NameAttribute[] = [];
    while (!set.isDone) {
      const pair = new DerReader(set.expect(derTag.sequence).content);
      const type = decodeOid(pair.expect(derTag.oid).content);
      const value = pair.next();
      pair.end();
      parts.push({ type, text: decodeText(value.tag, value.content), der: value.whole });
    }
    relative.push(parts);
  }
  return relative;
}

/**
 * The RFC 4514 string of a Name's content: last RDN first, `+` inside a multi-valued RDN, special characters escaped.
 * Attribute types outside the RFC's table are dotted with their value in `#hex`, as the RFC demands.
 * Throws `PKI_DER_MALFORMED`.
 */
export function formatName(content: Uint8Array): string {
  return formatAttributes(readName(content));
}

/** The same from attributes that were read before. */
export function formatAttributes(attributes: NameAttributes): string {
  return attributes
    .filter(({ length }) => length > 0) // an empty set, which no standard allows and some issuers wrote, names nothing
    .map((parts) =>
      parts
        .map(({ type, text, der }) => {
          const name = attributeNames[type];
          return name === undefined || text === undefined
            ? `${name ?? type}=#${hex(der)}`
            : `${name}=${escapeValue(text)}`;
        })
        .join('+'),
    )
    .reverse()
    .join(',');
}

/** The text of a string type of ASN.1 by its tag; undefined for other types and for bytes that are no such text. */
export function decodeText(tag: number, content: Uint8Array): string | undefined {
  switch (tag) {
    case derTag.utf8String:
      return decodeStrictly('utf-8', content);
    case derTag.printableString:
    case derTag.ia5String:
    case derTag.numericString:
    case derTag.visibleString:
    case derTag.generalString:
    // T.61 has rules of its own that no issuer follows; what is found in it is Latin-1.
    case derTag.teletexString:
      return latin1(content);
    case derTag.bmpString:
      return decodeStrictly('utf-16be', content);
    case derTag.universalString:
      return decodeUniversal(content);
    default:
      return undefined;
  }
}

// Four bytes a character.
function decodeUniversal(content: Uint8Array): string | undefined {
  if (content.length % 4 !== 0) return undefined;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  let text = '';
  for (let offset = 0; offset < content.length; offset += 4) {
    const point = view.getUint32(offset);
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return undefined;
    text += String.fromCodePoint(point);
  }
  return text;
}

// Text that does not decode is shown as bytes: replacing characters would let two different names look alike.
function decodeStrictly(encoding: string, content: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

// RFC 4514 section 2.4, and control characters as hex pairs so that a name cannot move a terminal's cursor.
function escapeValue(text: string): string {
  const characters = [...text];
  return characters
    .map((character, index) => {
      if (/["+,;<>\\]/.test(character)) return `\\${character}`;
      if (character === '#' && index === 0) return '\\#';
      if (character === ' ' && (index === 0 || index === characters.length - 1)) return '\\ ';
      if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(character)) return hexPairs(character);
      return character;
    })
    .join('');
}

function hexPairs(character: string): string {
  return Array.from(new TextEncoder().encode(character), (byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
}
