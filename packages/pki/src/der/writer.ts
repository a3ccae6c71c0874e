/**
 * Writes DER (ITU-T X.690): the other half of the reader. Each function gives one whole element; nesting is by hand, as
 * the ASN.1 of RFC 5280 reads. Values that have no DER form are a caller's mistake and throw `PKI_INPUT_INVALID`.
 */
import { PkiError } from '../errors.ts';
import { derLimits, derTag } from './reader.ts';

export const concatBytes = (...parts: readonly Uint8Array[]): Uint8Array => joinBytes(parts);

/** For lists that may be longer than a call can have arguments. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** One element of any tag around the given content. */
export function element(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, part) => sum + part.length, 0);
  return concatBytes(Uint8Array.from([tag, ...lengthBytes(length)]), ...contents);
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes = minimalBytes(BigInt(length));
  return [0x80 | bytes.length, ...bytes];
}

function minimalBytes(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 0xffn));
  return bytes.length === 0 ? [0] : bytes;
}

export const sequence = (...members: readonly Uint8Array[]): Uint8Array => element(derTag.sequence, ...members);
export const octetString = (content: Uint8Array): Uint8Array => element(derTag.octetString, content);
export const nullValue = (): Uint8Array => element(derTag.null);
export const boolean = (value: boolean): Uint8Array => element(derTag.boolean, Uint8Array.of(value ? 0xff : 0));
/** `[number]` around a whole element. */
export const explicit = (number: number, ...inner: readonly Uint8Array[]): Uint8Array =>
  element(0xa0 | number, ...inner);
/** `[number]` in place of a primitive type's own tag. */
export const implicit = (number: number, content: Uint8Array): Uint8Array => element(0x80 | number, content);

/** SET OF: the members in the order of their bytes (X.690 section 11.6). */
export function setOf(...members: readonly Uint8Array[]): Uint8Array {
  return element(derTag.set, ...members.toSorted(compareBytes));
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  for (let at = 0; at < left.length && at < right.length; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** A non-negative INTEGER, from a number or from its unsigned big-endian bytes. */
export function unsignedInteger(value: bigint | number | Uint8Array): Uint8Array {
  return element(derTag.integer, Uint8Array.from(signed(unsignedBytes(value))));
}

/** ENUMERATED, as CRL reasons are. */
export const enumerated = (value: number): Uint8Array => element(0x0a, Uint8Array.from(signed(unsignedBytes(value))));

function unsignedBytes(value: bigint | number | Uint8Array): readonly number[] {
  if (value instanceof Uint8Array) {
    const from = value.findIndex((byte) => byte !== 0);
    return from === -1 ? [0] : [...value.subarray(from)];
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw invalid('a number that is not whole');
  if (value < 0) throw invalid('a negative number');
  return minimalBytes(BigInt(value));
}

// A first bit that is set would make the number negative.
const signed = (bytes: readonly number[]): readonly number[] => ((bytes[0] ?? 0) >= 0x80 ? [0, ...bytes] : bytes);

/** A BIT STRING of whole bytes. */
export function bitString(bytes: Uint8Array): Uint8Array {
  return element(derTag.bitString, Uint8Array.of(0), bytes);
}

/** A BIT STRING whose bits have names, by their numbers; zeros at the end are cut (X.690 section 11.2.2). */
export function namedBits(bits: readonly number[]): Uint8Array {
  const last = Math.max(-1, ...bits);
  const bytes = new Uint8Array((last >> 3) + 1);
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return element(derTag.bitString, Uint8Array.of(last === -1 ? 0 : 7 - (last & 7)), bytes);
}

/** An OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted: string): Uint8Array {
  if (!/^[0-2](?:\.(?:0|[1-9]\d{0,38})){1,31}$/.test(dotted)) throw invalid('an object identifier of bad form');
  const [root = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  if (root < 2n && second > 39n) throw invalid('an object identifier with an impossible second arc');
  const content = [root * 40n + second, ...rest].flatMap((arc) => base128(arc));
  if (content.length > derLimits.oidBytesMax) throw invalid('an object identifier that is too long');
  return element(derTag.oid, Uint8Array.from(content));
}

function base128(arc: bigint): number[] {
  const bytes = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) bytes.unshift(Number(rest & 0x7fn) | 0x80);
  return bytes;
}

export const utf8String = (text: string): Uint8Array =>
  element(derTag.utf8String, new TextEncoder().encode(wellFormed(text)));

// Two strings with different lone surrogates would become one in UTF-8.
function wellFormed(text: string): string {
  if (!text.isWellFormed()) throw invalid('text that is not well-formed Unicode');
  return text;
}

/** ASCII bytes, for IA5String and the names that are built of it. */
export function ascii(text: string): Uint8Array {
  if (!/^[\x20-\x7e]*$/.test(text)) throw invalid('text with characters outside printable ASCII');
  return new TextEncoder().encode(text);
}

export const ia5String = (text: string): Uint8Array => element(derTag.ia5String, ascii(text));

export function printableString(text: string): Uint8Array {
  if (!/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)) throw invalid('text with characters outside PrintableString');
  return element(derTag.printableString, ascii(text));
}

/** UTCTime up to 2049 and GeneralizedTime from 2050, in whole seconds (RFC 5280 section 4.1.2.5). */
export function time(instant: Date): Uint8Array {
  const year = instant.getUTCFullYear();
  // Written this way round because the year of no date compares with nothing.
  if (!(year >= 1950 && year <= 9999)) throw invalid('a date outside the years 1950 to 9999');
  const digits = `${instant.toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
  return year < 2050 ? element(derTag.utcTime, ascii(digits.slice(2))) : element(derTag.generalizedTime, ascii(digits));
}

const invalid = (what: string): PkiError => new PkiError('PKI_INPUT_INVALID', `DER cannot hold ${what}.`);
