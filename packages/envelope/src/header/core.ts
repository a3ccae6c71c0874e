/*
 * The core: what an envelope says of itself and never changes (QV1-10 to QV1-18). A pure reader and writer that know
 * neither keys nor disk. The reader takes the one encoding of each core and refuses every other; nothing it answers is
 * authentic until the recipients' tag and the body have been checked.
 */
import { type CborValue, encodeCbor } from '@quantumvault/cbor';
import { floeSuite } from '@quantumvault/crypto';
import { EnvelopeError, need } from '../errors.ts';
import { type Context, needContext, needInstant, needTenant, readContext } from './context.ts';
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
  readonly context: Context;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Size of an encrypted segment of the body. */
  readonly segmentBytes: number;
  /** Fingerprint of the key that signs the envelope, 32 bytes; null when it is not signed (ENV-7). */
  readonly signer: Uint8Array | null;
}

/** Limits of QV1 that readers and writers share. */
export const coreLimits = {
  coreBytes: 16_384,
  informationalFields: 16,
  segmentBytesMin: 64,
  segmentBytesMax: 1_048_576,
} as const;

const objectIdBytes = 16;
const fingerprintBytes = 32;
const fieldNames = 'suite id type tenant purpose context created segment signer flags'.split(' ');
const contentTypePattern = /^[\x20-\x7e]{1,127}$/;

function needCore(core: EnvelopeCore): void {
  need(core.objectId.length === objectIdBytes, 'ENVELOPE_MALFORMED', 'an object id has 16 bytes');
  const { signer } = core;
  const isSigner = signer === null || signer.length === fingerprintBytes;
  need(isSigner, 'ENVELOPE_MALFORMED', 'the fingerprint of a signer has 32 bytes');
  need(
    contentTypePattern.test(core.contentType),
    'ENVELOPE_MALFORMED',
    'a content type is 1 to 127 printable ASCII characters',
  );
  needTenant(core.tenant);
  needInstant(core.createdAt);
  needContext(core.context);
  const { segmentBytes } = core;
  const isSize =
    Number.isSafeInteger(segmentBytes) &&
    segmentBytes >= coreLimits.segmentBytesMin &&
    segmentBytes <= coreLimits.segmentBytesMax;
  need(isSize, 'ENVELOPE_LIMIT', 'a segment has 64 to 1,048,576 bytes');
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
      ['signer', core.signer],
      ['flags', 0],
    ]),
  );
  need(bytes.length <= coreLimits.coreBytes, 'ENVELOPE_LIMIT', `a core has at most ${coreLimits.coreBytes} bytes`);
  return bytes;
}

/** Reads a core. Throws MALFORMED, LIMIT, and UNSUPPORTED for suites, flags and critical fields of later versions. */
export function decodeCore(bytes: Uint8Array): EnvelopeCore {
  const fields = readFields(bytes);
  for (const name of fieldNames) need(fields.has(name), 'ENVELOPE_MALFORMED', `the core has no ${name}`);
  const [suite, purpose] = [fields.get('suite'), fields.get('purpose')];
  need(suite === floeSuite, 'ENVELOPE_UNSUPPORTED', 'the suite of the body is not known');
  const known = envelopePurposes.find((name) => name === purpose);
  if (known === undefined) throw new EnvelopeError('ENVELOPE_UNSUPPORTED', 'the purpose is not known');
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
    signer: fields.get('signer') === null ? null : bytesOf(fields, 'signer'),
  };
  needCore(core);
  return core;
}

type FieldValue = ReturnType<HeaderCursor['scalar']> | Context;

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

function contextOf(fields: Fields): Context {
  const value = fields.get('context');
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) {
    throw new EnvelopeError('ENVELOPE_MALFORMED', 'the context of the core is no map');
  }
  return value;
}
