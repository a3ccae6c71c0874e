import { type DerElement, DerReader, derMalformed, derTag, readDer } from '../der/reader.ts';
import { ascii, implicit } from '../der/writer.ts';
import { PkiError } from '../errors.ts';
import { parseAddress } from './address.ts';

/** The kinds of GeneralName (RFC 5280 section 4.2.1.6). */
export type GeneralNameKind =
  | 'other'
  | 'email'
  | 'dns'
  | 'x400'
  | 'directory'
  | 'edi'
  | 'uri'
  | 'address'
  | 'registered-id';

export interface GeneralName {
  readonly kind: GeneralNameKind;
  /** Latin-1 bytes of email, dns and uri; the bytes of an address; the content of a directory name. */
  readonly content: Uint8Array;
}

export const generalNamesMax = 20_000;

const kindOfTag: Readonly<Record<number, GeneralNameKind>> = {
  160: 'other',
  129: 'email',
  130: 'dns',
  163: 'x400',
  164: 'directory',
  165: 'edi',
  134: 'uri',
  135: 'address',
  136: 'registered-id',
};

/** A kind that the standard does not have counts as `other`: nobody can match it. Throws `PKI_DER_MALFORMED`. */
export function readGeneralName({ tag, content }: DerElement): GeneralName {
  const kind = kindOfTag[tag] ?? 'other';
  // The one kind that is explicit, because Name is a CHOICE.
  return { kind, content: kind === 'directory' ? readDer(content, derTag.sequence).content : content };
}

/** The names of a list's content. Throws `PKI_DER_MALFORMED`. */
export function readGeneralNames(content: Uint8Array): readonly GeneralName[] {
  const list = new DerReader(content);
  const names: GeneralName[] = [];
  while (!list.isDone) {
    if (names.length === generalNamesMax) throw derMalformed(`more than ${generalNamesMax} names`);
    names.push(readGeneralName(list.next()));
  }
  return names;
}

/** A name that a certificate shall stand for. */
export interface SubjectName {
  readonly kind: 'dns' | 'address' | 'email' | 'uri';
  readonly value: string;
}

/** One GeneralName in DER. Throws `PKI_INPUT_INVALID` for what no client could match. */
export function writeSubjectName({ kind, value }: SubjectName): Uint8Array {
  switch (kind) {
    case 'dns':
      return implicit(2, ascii(checkDnsName(value)));
    case 'email':
      return implicit(1, ascii(checkEmail(value)));
    case 'uri':
      return implicit(6, ascii(checkUri(value)));
    case 'address': {
      const bytes = parseAddress(value);
      if (bytes === undefined) throw invalid(value, 'an IP address');
      return implicit(7, bytes);
    }
  }
}

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i;

/** RFC 1034 labels, a wildcard only as the whole leftmost one above two others (RFC 9525). */
function checkDnsName(name: string): string {
  const labels = name.split('.');
  const isWild = labels[0] === '*' && labels.length >= 3;
  const plain = isWild ? labels.slice(1) : labels;
  // What looks like an address would never be compared as a name.
  const isNumeric = /^\d+$/.test(labels.at(-1) ?? '');
  if (name.length > 253 || isNumeric || !plain.every((part) => label.test(part))) throw invalid(name, 'a DNS name');
  return name;
}

function checkEmail(name: string): string {
  const at = name.lastIndexOf('@');
  const local = name.slice(0, Math.max(0, at));
  if (!/^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/i.test(local)) throw invalid(name, 'a mail address');
  checkDnsName(name.slice(at + 1));
  return name;
}

const uriCharactersMax = 2_000;

function checkUri(name: string): string {
  const isAscii = /^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i.test(name);
  if (name.length > uriCharactersMax || !isAscii || !URL.canParse(name))
    throw invalid(name, 'an absolute URI in ASCII');
  return name;
}

const shownMax = 80;
const invalid = (value: string, what: string): PkiError =>
  new PkiError('PKI_INPUT_INVALID', `${JSON.stringify(value.slice(0, shownMax))} is not ${what}.`);
