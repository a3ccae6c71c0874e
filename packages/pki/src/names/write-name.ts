import { DerReader, derTag } from '../der/reader.ts';
import { element, ia5String, oid, printableString, sequence, setOf, utf8String } from '../der/writer.ts';
import { PkiError } from '../errors.ts';
import { attributeNames, decodeText, type NameAttribute, readName } from './distinguished-name.ts';

// Upper bounds of RFC 5280 appendix A.1, in characters; what it leaves open is bounded as generously.
const charactersMax: Readonly<Record<string, number>> = { CN: 64, O: 64, OU: 64, L: 128, ST: 128, C: 2, DC: 63 };
const otherCharactersMax = 256;
const attributesMax = 32;

const oidOfName = new Map(Object.entries(attributeNames).map(([dotted, name]) => [name, dotted]));

/**
 * A Name in DER from its RFC 4514 string: `CN=a.example,O=Example\, Inc.,C=DE`, the most specific part first. Short names
 * are those that {@link formatName} writes; others are dotted. A value in `#hex` must be a string and is written anew. The
 * empty string is the empty name. Throws `PKI_INPUT_INVALID`.
 */
export function writeName(text: string): Uint8Array {
  if (text.trim() === '') return sequence();
  const relative = splitUnescaped(text, ',').map((part) => splitUnescaped(part, '+').map(writeAttribute));
  if (relative.flat().length > attributesMax) throw invalid(`more than ${attributesMax} attributes`);
  return sequence(...relative.reverse().map((attributes) => setOf(...attributes)));
}

function splitUnescaped(text: string, separator: ',' | '+'): string[] {
  const parts = [''];
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === separator) parts.push('');
    else {
      // A backslash and what it protects stay together; the value is read later.
      const piece = character === '\\' ? text.slice(at, at + 2) : character;
      parts.push(`${parts.pop() ?? ''}${piece}`);
      at += piece.length - 1;
    }
  }
  return parts;
}

function writeAttribute(text: string): Uint8Array {
  const equals = text.indexOf('=');
  const name = text.slice(0, Math.max(0, equals)).trim();
  const type = oidOfName.get(name.toUpperCase()) ?? name;
  if (equals < 1 || !/^\d+(?:\.\d+)+$/.test(type)) throw invalid(`${quote(text)}, which is no TYPE=value`);
  const value = unescapeValue(text.slice(equals + 1));
  const short = attributeNames[type] ?? type;
  const max = charactersMax[short] ?? otherCharactersMax;
  if (value.length === 0 || [...value].length > max)
    throw invalid(`${short} with a value that is empty or over ${max} characters`);
  if (/\p{Cc}/u.test(value)) throw invalid(`${short} with a control character`);
  return sequence(oid(type), writeValue(short, value));
}

function writeValue(short: string, value: string): Uint8Array {
  if (short === 'C') {
    if (!/^[A-Z]{2}$/.test(value)) throw invalid('C with a value that is not two capital letters');
    return printableString(value);
  }
  // RFC 4519 and PKCS #9 define these two as IA5String.
  return short === 'DC' || short === '1.2.840.113549.1.9.1' ? ia5String(value) : utf8String(value);
}

// RFC 4514 section 2.4: a backslash before a special character, or before two hex digits of UTF-8.
function unescapeValue(raw: string): string {
  const text = raw.replace(/^ +/, '').replace(/(?<!\\) +$/, '');
  if (text.startsWith('#')) return textOfHex(text.slice(1));
  const bytes: number[] = [];
  for (let at = 0; at < text.length; ) {
    const escaped = /^\\(?:([0-9a-f]{2})|([\\ "#+,;<=>]))/i.exec(text.slice(at, at + 3));
    const plain = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (escaped === null && (plain === '\\' || /["+,;<>]/.test(plain)))
      throw invalid(`an unescaped ${plain} in a value`);
    if (escaped?.[1] !== undefined) bytes.push(Number.parseInt(escaped[1], 16));
    else bytes.push(...new TextEncoder().encode(escaped?.[2] ?? plain));
    at += escaped?.[0].length ?? plain.length;
  }
  const value = decodeText(derTag.utf8String, Uint8Array.from(bytes));
  if (value === undefined || !text.isWellFormed()) throw invalid('a value that is not well-formed Unicode');
  return value;
}

function textOfHex(digits: string): string {
  const bytes = Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const isHex = digits.length > 0 && digits.length % 2 === 0 && /^[0-9a-f]+$/i.test(digits);
  try {
    const { tag, content } = new DerReader(bytes).next();
    const text = decodeText(tag, content);
    if (isHex && text !== undefined) return text;
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
  }
  throw invalid('a value in #hex that is no string');
}

const quote = (text: string): string => JSON.stringify(text.slice(0, 80));
const invalid = (what: string): PkiError => new PkiError('PKI_INPUT_INVALID', `A name cannot have ${what}.`);

/** Names with more attributes are not folded: the reader allows them, and no honest issuer has one. */
const comparedAttributesMax = 256;

/**
 * Whether two Names' contents are one name (RFC 5280 section 7.1): equal bytes, or the same attributes whose text differs
 * in case, in runs of blanks or in the kind of its string only.
 */
export function isSameName(left: Uint8Array, right: Uint8Array): boolean {
  if (sameBytes(left, right)) return true;
  const [one, other] = [foldName(left), foldName(right)];
  return one !== undefined && other !== undefined && sameBytes(one, other);
}

/**
 * Equal for names that are the same by {@link isSameName}; a Name's content again. Undefined for a name with too many
 * attributes: nobody can say what it is the same as, and no rule may take that for a difference.
 */
export function foldName(content: Uint8Array): Uint8Array | undefined {
  const attributes = readName(content);
  if (attributes.flat().length > comparedAttributesMax) return undefined;
  const folded = sequence(...attributes.map((parts) => setOf(...parts.map(foldAttribute))));
  return new DerReader(folded).next().content;
}

function foldAttribute({ type, text, der }: NameAttribute): Uint8Array {
  const value = text === undefined || !text.isWellFormed() ? der : utf8String(foldText(text));
  return element(derTag.sequence, oid(type), value);
}

/** RFC 4518 in short: case and compatibility forms folded, runs of blanks as one, none at the ends. */
const foldText = (text: string): string => text.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ');

export const sameBytes = (left: Uint8Array, right: Uint8Array): boolean =>
  left.length === right.length && left.every((byte, index) => byte === right[index]);
