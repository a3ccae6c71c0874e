import { encodeCbor } from '@quantumvault/cbor';
import { sha384Concat } from '@quantumvault/crypto';
import { EnvelopeError, need } from '../errors.ts';
import { needTenant } from '../header/context.ts';

/** Where values stand: a column of a data set of an organization. */
export interface ColumnPlace {
  /** UUID of the organization, or `noTenant`. */
  readonly tenant: string;
  readonly dataset: string;
  readonly column: string;
}

/** Which record a value belongs to, such as its primary key; a text stands for its UTF-8. */
export type Locator = string | Uint8Array;

export interface FieldToSeal {
  readonly locator: Locator;
  readonly plaintext: Uint8Array;
}

export interface FieldToOpen {
  readonly locator: Locator;
  readonly sealed: Uint8Array;
}

/** QV1-101. Numbers are never used again. */
export const fieldSuites = { compact: 1, floe: 2, compactChacha: 3 } as const;

const nameBytesMax = 128;
const locatorBytesMax = 1024;
/** What one segment of FLOE holds; compact values have the same limit. */
export const fieldSegmentBytes = 1_048_576;
export const fieldBytesMax: number = fieldSegmentBytes - 32;

const utf8 = new TextEncoder();
const hashLabel = utf8.encode('QV1 column');

function needName(name: string, what: string): void {
  need(name !== '' && name.isWellFormed(), 'ENVELOPE_MALFORMED', `the name of a ${what} is text and not empty`);
  const isShort = utf8.encode(name).length <= nameBytesMax;
  need(isShort, 'ENVELOPE_LIMIT', `the name of a ${what} has at most ${nameBytesMax} bytes`);
}

/** Throws MALFORMED and LIMIT. */
export function needPlace({ tenant, dataset, column }: ColumnPlace): void {
  needTenant(tenant);
  needName(dataset, 'data set');
  needName(column, 'column');
}

/** QV1-105. */
export function columnHash({ tenant, dataset, column }: ColumnPlace): Uint8Array {
  return sha384Concat([hashLabel, encodeCbor([tenant, dataset, column])]);
}

/** `prefix`, whose length is fixed for its suite, and the locator. Throws MALFORMED and LIMIT. */
export function withLocator(prefix: Uint8Array, locator: Locator): Uint8Array {
  need(locator.length > 0, 'ENVELOPE_MALFORMED', 'the locator of a record is not empty');
  need(locator.length <= locatorBytesMax, 'ENVELOPE_LIMIT', `a locator has at most ${locatorBytesMax} bytes`);
  if (typeof locator !== 'string') return appended(prefix, locator);
  return appendAscii(prefix, locator) ?? appended(prefix, encodeText(locator));
}

function appended(prefix: Uint8Array, bytes: Uint8Array): Uint8Array {
  const joined = new Uint8Array(prefix.length + bytes.length);
  joined.set(prefix);
  joined.set(bytes, prefix.length);
  return joined;
}

/** Most keys of records are ASCII, and then an encoder costs as much as a tenth of the encryption. */
function appendAscii(prefix: Uint8Array, text: string): Uint8Array | undefined {
  const at = prefix.length;
  const joined = new Uint8Array(at + text.length);
  joined.set(prefix);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return undefined;
    joined[at + index] = code;
  }
  return joined;
}

function encodeText(text: string): Uint8Array {
  need(text.isWellFormed(), 'ENVELOPE_MALFORMED', 'the locator has an unpaired surrogate');
  const bytes = utf8.encode(text);
  need(bytes.length <= locatorBytesMax, 'ENVELOPE_LIMIT', `a locator has at most ${locatorBytesMax} bytes`);
  return bytes;
}

export function needPlaintext({ length }: Uint8Array): void {
  need(length <= fieldBytesMax, 'ENVELOPE_LIMIT', `a value has at most ${fieldBytesMax} bytes`);
}

/** The value, or why it does not open: in a batch one bad value does not lose the others. */
export function openEach<Item>(
  items: Iterable<Item>,
  open: (item: Item) => Uint8Array,
): (Uint8Array | EnvelopeError)[] {
  return Array.from(items, (item) => {
    try {
      return open(item);
    } catch (error) {
      if (error instanceof EnvelopeError) return error;
      throw error;
    }
  });
}
