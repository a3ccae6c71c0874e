import { sha3_256 } from '@quantumvault/crypto';
import { concat, parseUuid, utf8 } from '../bytes.ts';
import { need } from '../errors.ts';
import { CborCursor, type CborValue, encodeCbor } from './cbor.ts';

/** Largest encoded event in bytes, version byte included (AUD-2, LEAF-7). */
export const eventBytesMax = 16_384;
/** Where the tenant's 16 bytes lie in every event: after version, array head, id and two heads of byte strings. */
export const eventTenantAt = 20;
/** First byte of an event and of a leaf. It is read first, and any other value is refused. */
export const formVersion = 1;

const timeMax = 253_402_300_799_999_999n; // the last microsecond of the year 9999
const actorKind = /^[a-z][a-z-]{0,31}$/;
const actionName = /^(?=.{3,64}$)[a-z][a-z0-9_-]*(?:\.[a-z][a-z0-9_-]*)+$/;
const reasonCode = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const detailKey = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;
const detailsMax = 64;

export type EventOutcome = 'success' | 'refused' | 'failed';

/** Personal data as ciphertext under a subject's own key (LEAF-8). `subjectKey` is that key's UUID. */
export interface SealedField {
  readonly subjectKey: string;
  readonly suite: string;
  readonly bytes: Uint8Array;
}

export type DetailValue = string | number | bigint | boolean | null | Uint8Array;

/** One audit event in its committed form. Ids are UUIDs in lower-case canonical text; see docs/spec/audit-leaf.md. */
export interface AuditEvent {
  readonly id: string;
  /** Organization, or `platformTenant` for the installation itself. */
  readonly tenant: string;
  /** Microseconds since 1970-01-01T00:00:00Z. */
  readonly time: bigint;
  readonly actor: { readonly kind: string; readonly id: string };
  readonly session: string | null;
  readonly source: SealedField | null;
  /** `noun.verb` from the catalogue of audit actions. */
  readonly action: string;
  readonly resource: { readonly type: string; readonly id: string };
  readonly outcome: EventOutcome;
  readonly reason: { readonly code: string; readonly text: SealedField | null } | null;
  readonly requestId: string | null;
  /** 0 to 100. */
  readonly riskScore: number;
  readonly details: Readonly<Record<string, DetailValue>>;
}

/**
 * Writes the committed form of an event: the bytes that leaf, digest and chain cover for ever.
 * Throws TLOG_EVENT_INVALID (a field outside its form), TLOG_CBOR_UNSUPPORTED (a value without an encoding) or
 * TLOG_EVENT_TOO_LARGE (over 16 KiB): call it before the effect, so that nothing happens without a record.
 */
export function encodeEvent(event: AuditEvent): Uint8Array {
  checkFields(event);
  checkDetails(event.details);
  const { reason } = event;
  const body = encodeCbor([
    parseUuid(event.id),
    parseUuid(event.tenant),
    event.time,
    [event.actor.kind, parseUuid(event.actor.id)],
    event.session === null ? null : parseUuid(event.session),
    fromSealed(event.source),
    event.action,
    [event.resource.type, event.resource.id],
    event.outcome,
    reason === null ? null : [reason.code, fromSealed(reason.text)],
    event.requestId,
    event.riskScore,
    new Map(Object.entries(event.details)),
  ]);
  need(body.length < eventBytesMax, 'TLOG_EVENT_TOO_LARGE', 'an audit event holds at most 16384 bytes'); // LEAF-7
  return concat(Uint8Array.of(formVersion), body);
}

/** Reads an event. Throws TLOG_EVENT_INVALID, TLOG_EVENT_TOO_LARGE or TLOG_CBOR_INVALID on all but the only form. */
export function decodeEvent(bytes: Uint8Array): AuditEvent {
  need(bytes.length <= eventBytesMax, 'TLOG_EVENT_TOO_LARGE', 'an audit event holds at most 16384 bytes');
  need(bytes[0] === formVersion, 'TLOG_EVENT_INVALID', 'unknown version of the event form');
  const cursor = new CborCursor(bytes, 1);
  cursor.array(13); // LEAF-6
  const event: AuditEvent = {
    id: cursor.uuid(),
    tenant: cursor.uuid(),
    time: BigInt(cursor.uint()),
    actor: readActor(cursor),
    session: cursor.skipNull() ? null : cursor.uuid(),
    source: readSealed(cursor),
    action: cursor.text(),
    resource: readResource(cursor),
    outcome: readOutcome(cursor),
    reason: readReason(cursor),
    requestId: cursor.skipNull() ? null : cursor.text(),
    riskScore: Number(cursor.uint()),
    details: readDetails(cursor),
  };
  cursor.end();
  checkFields(event);
  return event;
}

/** SHA3-256 over the event's bytes: the second commitment inside the leaf (AUD-4, LEAF-10). */
export function eventDigest(eventBytes: Uint8Array): Uint8Array {
  return sha3_256(eventBytes);
}

/** The limits of LEAF-6 and LEAF-8, held at writing and at reading. */
function checkFields(event: AuditEvent): void {
  const fits = (condition: boolean, field: string) =>
    need(condition, 'TLOG_EVENT_INVALID', `${field} is outside its form`);
  fits(event.time >= 0n && event.time <= timeMax, 'time');
  fits(actorKind.test(event.actor.kind), 'actor kind');
  fits(actionName.test(event.action), 'action');
  fits(bytesIn(event.resource.type, 1, 64), 'resource type');
  fits(bytesIn(event.resource.id, 0, 256), 'resource id');
  fits(isOutcome(event.outcome), 'outcome');
  fits(event.reason === null || reasonCode.test(event.reason.code), 'reason code');
  fits(event.requestId === null || bytesIn(event.requestId, 1, 128), 'request id');
  fits(Number.isInteger(event.riskScore) && event.riskScore >= 0 && event.riskScore <= 100, 'risk score');
  for (const sealed of [event.source, event.reason?.text ?? null]) {
    fits(sealed === null || bytesIn(sealed.suite, 1, 64), 'suite of a sealed field');
  }
}

function checkDetails(details: AuditEvent['details']): void {
  const keys = Object.keys(details);
  need(keys.length <= detailsMax, 'TLOG_EVENT_INVALID', 'too many details');
  const isFit = keys.every((key) => detailKey.test(key) && isScalar(details[key]));
  need(isFit, 'TLOG_EVENT_INVALID', 'a detail is outside its form');
}

function bytesIn(text: string, least: number, most: number): boolean {
  // UTF-8 takes one to three bytes per UTF-16 unit, so most texts need no encoding to be measured.
  if (text.length < least || text.length > most) return false;
  return text.length * 3 <= most || utf8.encode(text).length <= most;
}

function isOutcome(value: unknown): value is EventOutcome {
  return value === 'success' || value === 'refused' || value === 'failed';
}

function isScalar(value: unknown): value is DetailValue {
  if (value === null || value instanceof Uint8Array) return true;
  return (
    typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint'
  );
}

function fromSealed(sealed: SealedField | null): CborValue {
  return sealed === null ? null : [parseUuid(sealed.subjectKey), sealed.suite, sealed.bytes];
}

function readActor(cursor: CborCursor): AuditEvent['actor'] {
  cursor.array(2);
  return { kind: cursor.text(), id: cursor.uuid() };
}

function readSealed(cursor: CborCursor): SealedField | null {
  if (cursor.skipNull()) return null;
  cursor.array(3);
  return { subjectKey: cursor.uuid(), suite: cursor.text(), bytes: cursor.byteString() };
}

function readResource(cursor: CborCursor): AuditEvent['resource'] {
  cursor.array(2);
  return { type: cursor.text(), id: cursor.text() };
}

function readOutcome(cursor: CborCursor): EventOutcome {
  const outcome = cursor.text();
  need(isOutcome(outcome), 'TLOG_EVENT_INVALID', 'no such outcome');
  return outcome;
}

function readReason(cursor: CborCursor): AuditEvent['reason'] {
  if (cursor.skipNull()) return null;
  cursor.array(2);
  return { code: cursor.text(), text: readSealed(cursor) };
}

function readDetails(cursor: CborCursor): Record<string, DetailValue> {
  const details: Record<string, DetailValue> = {};
  cursor.map(detailsMax, (key) => {
    // Keys are checked before they become property names: `__proto__` does not match.
    need(detailKey.test(key), 'TLOG_EVENT_INVALID', 'a detail is outside its form');
    details[key] = cursor.scalar();
  });
  return details;
}
