/**
 * A small bounded DER reader (ITU-T X.690) for certificates found in the wild (PKI-2): it only ever looks at slices of
 * its input, so time and memory are linear in the input, whatever the lengths inside claim.
 */
import { PkiError } from '../errors.ts';

/** One element: its tag byte, its content and where the whole element (with its header) lies. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  sequence: 0x30,
  set: 0x31,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  generalString: 0x1b,
  universalString: 0x1c,
  bmpString: 0x1e,
} as const;

/** Larger input is refused before reading: no honest certificate comes near it, SLH-DSA chains included. */
export const derLimits = { inputBytesMax: 1_048_576, oidBytesMax: 64, oidArcsMax: 32 } as const;

/** Reads sibling elements one after the other. Throws `PKI_DER_MALFORMED`. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  /** `bytesMax` is for forms that are honestly larger than a certificate. */
  constructor(bytes: Uint8Array, { bytesMax = derLimits.inputBytesMax }: { readonly bytesMax?: number } = {}) {
    if (bytes.length > bytesMax) {
      throw new PkiError('PKI_LIMIT_EXCEEDED', `DER of ${bytes.length} bytes is over the limit.`);
    }
    this.#bytes = bytes;
  }

  get isDone(): boolean {
    return this.#offset === this.#bytes.length;
  }

  peekTag(): number | undefined {
    return this.#bytes[this.#offset];
  }

  next(): DerElement {
    const start = this.#offset;
    const tag = this.#byte();
    if ((tag & 0x1f) === 0x1f) throw derMalformed('tags of more than one byte do not occur in certificates');
    const length = this.#length();
    if (length > this.#bytes.length - this.#offset) throw derMalformed('a length reaches beyond the end');
    const content = this.#bytes.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    return { tag, content, whole: this.#bytes.subarray(start, this.#offset) };
  }

  expect(tag: number): DerElement {
    const element = this.next();
    if (element.tag !== tag)
      throw derMalformed(`tag 0x${element.tag.toString(16)} where 0x${tag.toString(16)} belongs`);
    return element;
  }

  /** The next element when it has this tag; undefined, and nothing is read, when it has another or none is left. */
  optional(tag: number): DerElement | undefined {
    return this.peekTag() === tag ? this.next() : undefined;
  }

  end(): void {
    if (!this.isDone) throw derMalformed('bytes follow the end of a structure');
  }

  #byte(): number {
    const value = this.#bytes[this.#offset];
    if (value === undefined) throw derMalformed('it ends in the middle of an element');
    this.#offset += 1;
    return value;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw derMalformed('an indefinite or oversized length');
    let length = 0;
    for (let index = 0; index < count; index++) length = length * 256 + this.#byte();
    return length;
  }
}

/** The element that fills all of `bytes`. */
export function readDer(bytes: Uint8Array, tag: number): DerElement {
  const reader = new DerReader(bytes);
  const element = reader.expect(tag);
  reader.end();
  return element;
}

/** Dotted form of an object identifier's content bytes; arcs are unbounded in the standard and kept exact here. */
export function decodeOid(content: Uint8Array): string {
  if (content.length === 0 || content.length > derLimits.oidBytesMax)
    throw derMalformed('an object identifier of bad size');
  const arcs: bigint[] = [];
  let arc = 0n;
  let isOpen = false;
  for (const byte of content) {
    if (!isOpen && byte === 0x80) throw derMalformed('an object identifier with a padded arc');
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    isOpen = (byte & 0x80) !== 0;
    if (isOpen) continue;
    if (arcs.length === 0) {
      const root = arc < 40n ? 0n : arc < 80n ? 1n : 2n;
      arcs.push(root, arc - root * 40n);
    } else {
      arcs.push(arc);
    }
    if (arcs.length > derLimits.oidArcsMax) throw derMalformed('an object identifier with too many arcs');
    arc = 0n;
  }
  if (isOpen) throw derMalformed('an object identifier that ends inside an arc');
  return arcs.join('.');
}

const timeForms = {
  [derTag.utcTime]: /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?()(?:Z|([+-])(\d{2})(\d{2}))$/,
  [derTag.generalizedTime]: /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:[.,](\d{1,9}))?(?:Z|([+-])(\d{2})(\d{2}))$/,
} as Readonly<Record<number, RegExp>>;

/**
 * ISO 8601 UTC instant of a UTCTime or GeneralizedTime. RFC 5280 section 4.1.2.5 allows only whole seconds and `Z`;
 * fractions, missing seconds and offsets, which older issuers wrote, name an instant as well and are read (X.690
 * section 11.7, X.680 section 46). A time without zone is no instant and is refused.
 */
export function decodeTime(element: DerElement): string {
  const form = timeForms[element.tag];
  if (form === undefined) throw derMalformed('a time of unknown type');
  const match = element.content.length > 40 ? null : form.exec(latin1(element.content));
  if (match === null) throw derMalformed('a time in a form that names no instant');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const [, , , , , , , fraction = '', sign, offsetHours = 0, offsetMinutes = 0] = match;
  const fullYear = element.tag === derTag.utcTime ? year + (year < 50 ? 2000 : 1900) : year;
  const instant = new Date(0);
  instant.setUTCFullYear(fullYear, month - 1, day);
  const isReal = instant.getUTCMonth() === month - 1 && instant.getUTCDate() === day;
  if (!isReal || hour > 23 || minute > 59 || second > 59 || Number(offsetHours) > 23 || Number(offsetMinutes) > 59) {
    throw derMalformed('a time that does not exist');
  }
  // "+0200" is two hours ahead of UTC.
  const ahead = (Number(offsetHours) * 60 + Number(offsetMinutes)) * (sign === '-' ? -1 : 1);
  instant.setUTCHours(hour, minute - ahead, second, Number(fraction.slice(0, 3).padEnd(3, '0')));
  // An offset can lead out of the years that ISO 8601 writes with four digits.
  const utcYear = instant.getUTCFullYear();
  if (utcYear < 0 || utcYear > 9999) throw derMalformed('a time outside the years 0 to 9999');
  return instant.toISOString().replace('.000Z', 'Z');
}

/** A non-negative INTEGER of at most three bytes. Throws `PKI_DER_MALFORMED`. */
export function smallInteger(content: Uint8Array): number {
  if (content.length === 0 || content.length > 3 || (content[0] ?? 0) >= 0x80) {
    throw derMalformed('a small number that is missing, negative or too large');
  }
  return content.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The bytes of a BIT STRING's content, which begins with the number of its unused bits. Throws `PKI_DER_MALFORMED`. */
export function wholeBytes(content: Uint8Array): Uint8Array {
  if (content[0] !== 0) throw derMalformed('a bit string that is not of whole bytes');
  return content.subarray(1);
}

/** The length in bits of an unsigned big-endian number, leading zero bytes not counted. */
export function bitLength(bytes: Uint8Array): number {
  const first = bytes.findIndex((byte) => byte !== 0);
  const head = bytes[first];
  return head === undefined ? 0 : (bytes.length - first - 1) * 8 + (32 - Math.clz32(head));
}

// In pieces: a string grown byte by byte takes forty times the memory until somebody reads it.
const latin1PieceBytes = 8_192;

export function latin1(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += latin1PieceBytes) {
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + latin1PieceBytes)));
  }
  return pieces.join('');
}

export function derMalformed(message: string): PkiError {
  return new PkiError('PKI_DER_MALFORMED', `The DER is malformed: ${message}.`);
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
