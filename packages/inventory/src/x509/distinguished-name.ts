import { DerReader, decodeOid, derTag, latin1 } from './der.ts';

/** Short names of RFC 4514 section 3 (the table) and the ones that OpenSSL and browsers print; all others stay dotted. */
const attributeNames: Readonly<Record<string, string>> = {
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

/**
 * The RFC 4514 string of a Name's content: last RDN first, `+` inside a multi-valued RDN, special characters escaped.
 * Attribute types outside the RFC's table are dotted with their value in `#hex`, as the RFC demands.
 * Throws `INVENTORY_DER_MALFORMED`.
 */
export function formatName(content: Uint8Array): string {
  const names = new DerReader(content);
  const relative: string[] = [];
  while (!names.isDone) {
    const set = new DerReader(names.expect(derTag.set).content);
    const parts: string[] = [];
    while (!set.isDone) {
      const pair = new DerReader(set.expect(derTag.sequence).content);
      const type = decodeOid(pair.expect(derTag.oid).content);
      const value = pair.next();
      pair.end();
      const name = attributeNames[type];
      const text = name === undefined ? undefined : decodeText(value.tag, value.content);
      parts.push(text === undefined ? `${name ?? type}=#${hex(value.whole)}` : `${name}=${escapeValue(text)}`);
    }
    relative.push(parts.join('+'));
  }
  return relative.reverse().join(',');
}

function decodeText(tag: number, content: Uint8Array): string | undefined {
  switch (tag) {
    case derTag.utf8String:
      return decodeStrictly('utf-8', content);
    case derTag.printableString:
    case derTag.ia5String:
    case derTag.teletexString:
      return latin1(content);
    case derTag.bmpString:
      return decodeStrictly('utf-16be', content);
    default:
      return undefined;
  }
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

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
