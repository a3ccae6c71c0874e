/** Names as OpenSSL prints them with the flags of Node's `X509Certificate.subject`: one RDN a line, short attribute names. */
import type { NameAttributes } from '@quantumvault/pki';

const shortNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.15': 'businessCategory',
  '2.5.4.17': 'postalCode',
  '2.5.4.18': 'postOfficeBox',
  '2.5.4.42': 'GN',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
  '1.3.6.1.4.1.311.60.2.1.1': 'jurisdictionL',
  '1.3.6.1.4.1.311.60.2.1.2': 'jurisdictionST',
  '1.3.6.1.4.1.311.60.2.1.3': 'jurisdictionC',
};

/** RFC 2253 escapes, and control characters as hex pairs; other characters stay as they are. */
export function escapeRfc2253(text: string): string {
  const characters = [...text];
  return characters
    .map((character, index) => {
      const isEdge = index === 0 || index === characters.length - 1;
      if (/[,+"\\<>;]/.test(character) || (character === ' ' && isEdge) || (character === '#' && index === 0)) {
        return `\\${character}`;
      }
      const code = character.codePointAt(0) ?? 0;
      return code < 0x20 || code === 0x7f ? `\\${code.toString(16).toUpperCase().padStart(2, '0')}` : character;
    })
    .join('');
}

const attribute = ({ type, text, der }: NameAttributes[number][number]): string =>
  `${shortNames[type] ?? type}=${text === undefined ? `#${Buffer.from(der).toString('hex').toUpperCase()}` : escapeRfc2253(text)}`;

// OpenSSL flattens a name, so an empty inner list leaves no trace.
const relativeNames = (attributes: NameAttributes): NameAttributes => attributes.filter(({ length }) => length > 0);

export function opensslName(attributes: NameAttributes): string {
  return relativeNames(attributes)
    .map((parts) => parts.map(attribute).join(' + '))
    .join('\n');
}

/** RFC 2253 with the same short names, last RDN first: what Zeek writes. */
export function rfc2253Name(attributes: NameAttributes): string {
  return relativeNames(attributes)
    .map((parts) => parts.map(attribute).join('+'))
    .reverse()
    .join(',');
}
