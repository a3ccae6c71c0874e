/*
 * The core: what an envelope says of itself and never changes (QV1-10 to QV1-18). A pure reader and writer that know
 * neither keys nor disk. The reader takes the one encoding of each core and refuses every other; nothing it answers is
 * authentic until the recipients' tag and the body have been checked.
 */
import { type CborValue, encodeCbor } from '@quantumvault/cbor';
import { floeSuite } from '@quantumvault/crypto';
import { EnvelopeError, need } from '../errors.ts';
import { HeaderCursor } from './cursor.ts';

export const envelopePurposes = ['data-at-rest', 'data-in-transit', 'key-encryption', 'token'] as const;
export type EnvelopePurpose = (typeof envelopePurposes)[number];

/** The organization of what belongs to none, such as a file that was encrypted without a server. */
export const noTenant = '00000000-0000-0000-0000-000000000000';

export interface EnvelopeCore {
  /** Registry id of the body's algorithm. */
  readonly suite: typeof floeSuite;
  /** 16 random bytes that name this object. */
  readonly objectId: Uint8Array;
  readonly contentType: string;
  /** UUID of the organization. */
  readonly tenant: string;
  readonly purpose: EnvelopePurpose;
  /** Public facts that the reader must know, in no order. */
  readonly context: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Size of an encrypted segment of the body. */
  readonly segmentBytes: number;
}

/** Limits of QV1 that readers and writers share. */
export const coreLimits = {
  coreBytes: 16_384,
  contextEntries: 64,
  contextKeyBytes: 128,
  contextValueBytes: 4096,
  contentTypeBytes: 127,
  informationalFields: 16,
  segmentBytesMin: 64,
  segmentBytesMax: 1_048_576,
  createdAtMax: 253_402_300_799_999, // the last millisecond of the year 9999
} as const;

const objectIdBytes = 16;
const fieldNames = 'suite id type tenant purpose context created segment signer flags'.split(' ');
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const contentTypePattern = /^[\x20-\x7e]{1,127}$/;
const utf8 = new TextEncoder();

function needCore(core: EnvelopeCore): void {
  need(core.objectId.length === objectIdBytes, 'ENVELOPE_MALFORMED', 'an object id has 16 bytes');
  need(
    contentTypePattern.test(core.contentType),
    'ENVELOPE_MALFORMED',
    'a content type is 1 to 127 printable ASCII characters',
  );
  need(uuidPattern.test(core.tenant), 'ENVELOPE_MALFORMED', 'the tenant is a UUID in lower-case canonical text');
  const { createdAt, segmentBytes } = core;
  const isTime = Number.isSafeInteger(createdAt) && createdAt >= 0 && createdAt <= coreLimits.createdAtMax;
  need(isTime, 'ENVELOPE_MALFORMED', 'the time of creation is in milliseconds from 1970 to the year 9999');
  const isSize =
    Number.isSafeInteger(segmentBytes) &&
    segmentBytes >= coreLimits.segmentBytesMin &&
    segmentBytes <= coreLimits.segmentBytesMax;
  need(isSize, 'ENVELOPE_LIMIT', 'a segment has 64 to 1,048,576 bytes');
  const entries = Object.entries(core.context);
  need(entries.length <= coreLimits.contextEntries, 'ENVELOPE_LIMIT', 'a context has at most 64 entries');
  for (const [key, value] of entries) {
    need(key.isWellFormed() && value.isWellFormed(), 'ENVELOPE_MALFORMED', 'a context has an unpaired surrogate');
    need(key !== '', 'ENVELOPE_MALFORMED', 'a context key is not empty');
    need(
      utf8.encode(key).length <= coreLimits.contextKeyBytes,
      'ENVELOPE_LIMIT',
      'a context key has at most 128 bytes',
    );
    need(
      utf8.encode(value).length <= coreLimits.contextValueBytes,
      'ENVELOPE_LIMIT',
      'a context value has at most 4096 bytes',
    );
  }
}

/** The one encoding of a core. Throws MALFORMED and LIMIT. */
export function encodeCore(core: EnvelopeCore): Uint8Array {
  needCore(core);
  const bytes = encodeCbor(
    new Map<string, CborValue>([
      ['suite', core.suite],
      ['id', core.objectId],
      ['type', core.contentType],
      ['tenant', core.tenant],
      ['purpose', core.purpose],
      ['context', new Map(Object.entries(core.context))],
      ['created', core.createdAt],
      ['segment', core.segmentBytes],
      ['signer', null],
      ['flags', 0],
    ]),
  );
  need(bytes.length <= coreLimits.coreBytes, 'ENVELOPE_LIMIT', `a core has at most ${coreLimits.coreBytes} bytes`);
  return bytes;
}

/** Reads a core. Throws MALFORMED, LIMIT, and UNSUPPORTED for suites, signatures, flags and critical fields of later versions. */
export function decodeCore(bytes: Uint8Array): EnvelopeCore {
  const fields = readFields(bytes);
  for (const name of fieldNames) need(fields.has(name), 'ENVELOPE_MALFORMED', `the core has no ${name}`);
  const [suite, purpose] = [fields.get('suite'), fields.get('purpose')];
  need(suite === floeSuite, 'ENVELOPE_UNSUPPORTED', 'the suite of the body is not known');
  const known = envelopePurposes.find((name) => name === purpose);
  if (known === undefined) throw new EnvelopeError('ENVELOPE_UNSUPPORTED', 'the purpose is not known');
  // QV1-17: a reader that cannot check a signature must not act as if there were none.
  need(
    fields.get('signer') === null,
    'ENVELOPE_UNSUPPORTED',
    'the envelope is signed, and signatures are not known here',
  );
  need(fields.get('flags') === 0, 'ENVELOPE_UNSUPPORTED', 'the core has flags that are not known');
  const core: EnvelopeCore = {
    suite: floeSuite,
    objectId: bytesOf(fields, 'id'),
    contentType: textOf(fields, 'type'),
    tenant: textOf(fields, 'tenant'),
    purpose: known,
    context: contextOf(fields),
    createdAt: numberOf(fields, 'created'),
    segmentBytes: numberOf(fields, 'segment'),
  };
  needCore(core);
  return core;
}

type FieldValue = ReturnType<HeaderCursor['scalar']> | Readonly<Record<string, string>>;

function readFields(bytes: Uint8Array): Map<string, FieldValue> {
  const cursor = new HeaderCursor(bytes, 0);
  const fields = new Map<string, FieldValue>();
  cursor.map(fieldNames.length + coreLimits.informationalFields, (name) => {
    if (name === 'context') fields.set(name, readContext(cursor));
    else {
      // QV1-18: what is not for information alone is critical.
      const isKnown = fieldNames.includes(name) || name.startsWith('x-');
      need(isKnown, 'ENVELOPE_UNSUPPORTED', 'the core has a critical field that is not known');
      fields.set(name, cursor.scalar());
    }
  });
  cursor.end();
  return fields;
}

function readContext(cursor: HeaderCursor): Readonly<Record<string, string>> {
  const entries: [string, string][] = [];
  cursor.map(coreLimits.contextEntries, (key) => entries.push([key, cursor.text()]));
  // Without a prototype, a key such as __proto__ is a key like any other.
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

type Fields = ReadonlyMap<string, FieldValue>;

function textOf(fields: Fields, name: string): string {
  const value = fields.get(name);
  if (typeof value !== 'string') throw new EnvelopeError('ENVELOPE_MALFORMED', `the core's ${name} is not text`);
  return value;
}

function numberOf(fields: Fields, name: string): number {
  const value = fields.get(name);
  if (typeof value !== 'number')
    throw new EnvelopeError('ENVELOPE_MALFORMED', `the core's ${name} is no number in its range`);
  return value;
}

function bytesOf(fields: Fields, name: string): Uint8Array {
  const value = fields.get(name);
  if (!(value instanceof Uint8Array))
    throw new EnvelopeError('ENVELOPE_MALFORMED', `the core's ${name} is no byte string`);
  return value;
}

function contextOf(fields: Fields): Readonly<Record<string, string>> {
  const value = fields.get('context');
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    throw new EnvelopeError('ENVELOPE_MALFORMED', 'the context of the core is no map');
  }
  return value;
}
