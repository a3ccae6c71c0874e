import { ascii, concatBytes, explicit, implicit } from '../der/writer.ts';
import { PkiError } from '../errors.ts';
import { parseAddress } from './address.ts';
import { writeName } from './write-name.ts';

/** A subtree of names: `example.org`, `10.0.0.0/8`, `O=Example,C=DE`. */
export interface ConstrainedName {
  readonly kind: 'dns' | 'address' | 'email' | 'uri' | 'directory';
  readonly value: string;
}

const hostOrDomain = /^\.?(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}$/i;

/** The base of a GeneralSubtree in DER (RFC 5280 section 4.2.1.10). Throws `PKI_INPUT_INVALID`. */
export function writeConstrainedName({ kind, value }: ConstrainedName): Uint8Array {
  switch (kind) {
    case 'directory':
      return explicit(4, writeName(value));
    case 'address':
      return implicit(7, addressRange(value));
    case 'email':
      if (!hostOrDomain.test(value.slice(value.lastIndexOf('@') + 1))) throw invalid(value, 'a mail domain or address');
      return implicit(1, ascii(value));
    case 'dns':
      if (!hostOrDomain.test(value)) throw invalid(value, 'a domain');
      return implicit(2, ascii(value));
    case 'uri':
      if (!hostOrDomain.test(value)) throw invalid(value, 'the host of URIs');
      return implicit(6, ascii(value));
  }
}

function addressRange(text: string): Uint8Array {
  const [base = '', prefix, ...more] = text.split('/');
  const bytes = parseAddress(base);
  const bits = prefix === undefined ? (bytes?.length ?? 0) * 8 : Number(prefix);
  const isPrefix = prefix === undefined || /^(?:0|[1-9]\d{0,2})$/.test(prefix);
  if (bytes === undefined || more.length > 0 || !isPrefix || bits > bytes.length * 8) {
    throw invalid(text, 'an address with an optional /prefix');
  }
  const mask = bytes.map((_, index) => (0xff << (8 - Math.min(8, Math.max(0, bits - index * 8)))) & 0xff);
  if (bytes.some((byte, index) => (byte & ~(mask[index] ?? 0)) !== 0)) {
    throw invalid(text, 'a network: it has bits set behind its prefix');
  }
  return concatBytes(bytes, mask);
}

const invalid = (value: string, what: string): PkiError =>
  new PkiError('PKI_INPUT_INVALID', `${JSON.stringify(value.slice(0, 80))} is not ${what}.`);
