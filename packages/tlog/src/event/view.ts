import { encodeBase64 } from '../base64.ts';
import { byteText, sameBytes, utf8 } from '../bytes.ts';
import { type AuditEvent, type DetailValue, decodeEvent, eventTenantAt, type SealedField } from './event.ts';
import type { AuditLeaf } from './leaf.ts';

// The readable view beside each leaf of an export. It is a function of the leaf alone, so the verifier can make it
// again: a person who reads the view reads what the leaf says, or the line is refused. It is written by hand because it
// is made once per event: JSON.stringify of nested objects took longer than the hashes.

/** The event of a leaf, or null when the bytes are no valid event of the leaf's tenant. */
export function leafEvent(leaf: AuditLeaf): AuditEvent | null {
  try {
    const event = decodeEvent(leaf.event);
    return sameBytes(leaf.event.subarray(eventTenantAt, eventTenantAt + 16), leaf.tenant) ? event : null;
  } catch {
    return null;
  }
}

/** The view of a leaf as JSON text. `event` is what {@link leafEvent} gave. */
export function leafView(leaf: AuditLeaf, event: AuditEvent): string {
  return writeView(leaf, event, JSON.stringify);
}

/** {@link leafView} as byte text, for comparison with the bytes of an export. */
export function leafViewBytes(leaf: AuditLeaf, event: AuditEvent): string {
  return writeView(leaf, event, quoteBytes);
}

type Quote = (text: string) => string;

function quoteBytes(text: string): string {
  return byteText(utf8.encode(JSON.stringify(text)));
}

function writeView(leaf: AuditLeaf, event: AuditEvent, quoteOther: Quote): string {
  const quote: Quote = (text) => (plainText.test(text) ? `"${text}"` : quoteOther(text));
  const { actor, resource, reason } = event;
  const session = event.session === null ? 'null' : `"${event.session}"`;
  const because = reason === null ? 'null' : `{"code":"${reason.code}","text":${sealed(reason.text, quote)}}`;
  const requestId = event.requestId === null ? 'null' : quote(event.requestId);
  // Ids, kinds, actions and codes have forms without a character that JSON would escape.
  return (
    `{"tenant":"${event.tenant}","sequence":${leaf.tenantSequence},"id":"${event.id}","time":"${formatTime(event.time)}",` +
    `"actor":{"kind":"${actor.kind}","id":"${actor.id}"},"session":${session},"source":${sealed(event.source, quote)},` +
    `"action":"${event.action}","resource":{"type":${quote(resource.type)},"id":${quote(resource.id)}},` +
    `"outcome":"${event.outcome}","reason":${because},"requestId":${requestId},` +
    `"riskScore":${event.riskScore},"details":${details(event.details, quote)}}`
  );
}

/** Text that JSON writes as it is. */
const plainText = /^[ !#-[\]-~]*$/;

/** A sealed field is named, not shown: nobody can read it here, and the leaf has its bytes. */
function sealed(field: SealedField | null, quote: Quote): string {
  return field === null ? 'null' : `{"suite":${quote(field.suite)},"subjectKey":"${field.subjectKey}"}`;
}

function details(values: Readonly<Record<string, DetailValue>>, quote: Quote): string {
  let text = '';
  for (const key of Object.keys(values))
    text += `${text === '' ? '' : ','}"${key}":${detail(values[key] ?? null, quote)}`;
  return `{${text}}`;
}

/** Bytes as base64 text, integers beyond the safe range as decimal text. */
function detail(value: DetailValue, quote: Quote): string {
  if (typeof value === 'string') return quote(value);
  if (value instanceof Uint8Array) return `"${encodeBase64(value)}"`;
  return typeof value === 'bigint' ? `"${value}"` : String(value);
}

const twoDigits: readonly string[] = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));
const secondsPerDay = 86_400;

/** ISO 8601 in UTC with microseconds, for example `2026-11-23T22:42:00.000001Z`. */
export function formatTime(microseconds: bigint): string {
  const total = Number(microseconds);
  const isSafe = Number.isSafeInteger(total); // until the year 2255
  const fraction = isSafe ? total % 1_000_000 : Number(microseconds % 1_000_000n);
  const seconds = isSafe ? (total - fraction) / 1_000_000 : Number(microseconds / 1_000_000n);
  const inDay = seconds % secondsPerDay;
  const day = dayText((seconds - inDay) / secondsPerDay);
  const two = (number: number) => twoDigits[number] ?? '';
  const clock = `${two(Math.floor(inDay / 3600))}:${two(Math.floor(inDay / 60) % 60)}:${two(inDay % 60)}`;
  return `${day}T${clock}.${two(Math.floor(fraction / 10_000))}${two(Math.floor(fraction / 100) % 100)}${two(fraction % 100)}Z`;
}

// Neighbouring events are of the same day.
let lastDay = { day: 0, text: '1970-01-01' };

/** The date of a day since 1970-01-01, for example `2026-11-23`. Days to the year 9999. */
export function dayText(day: number): string {
  if (day !== lastDay.day) lastDay = { day, text: new Date(day * secondsPerDay * 1000).toISOString().slice(0, 10) };
  return lastDay.text;
}
