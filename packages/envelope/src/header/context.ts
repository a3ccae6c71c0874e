import { need } from '../errors.ts';
import type { HeaderCursor } from './cursor.ts';

/** Public facts that whoever opens or verifies must know, in no order. */
export type Context = Readonly<Record<string, string>>;

/** QV1-13. */
const limits = { entries: 64, keyBytes: 128, valueBytes: 4096 } as const;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** The last millisecond of the year 9999. */
const instantMax = 253_402_300_799_999;
const utf8 = new TextEncoder();

/** Throws MALFORMED and LIMIT. */
export function needContext(context: Context): void {
  const entries = Object.entries(context);
  need(entries.length <= limits.entries, 'ENVELOPE_LIMIT', 'a context has at most 64 entries');
  for (const [key, value] of entries) {
    need(key.isWellFormed() && value.isWellFormed(), 'ENVELOPE_MALFORMED', 'a context has an unpaired surrogate');
    need(key !== '', 'ENVELOPE_MALFORMED', 'a context key is not empty');
    need(utf8.encode(key).length <= limits.keyBytes, 'ENVELOPE_LIMIT', 'a context key has at most 128 bytes');
    need(utf8.encode(value).length <= limits.valueBytes, 'ENVELOPE_LIMIT', 'a context value has at most 4096 bytes');
  }
}

export function needTenant(tenant: string): void {
  need(uuidPattern.test(tenant), 'ENVELOPE_MALFORMED', 'the tenant is a UUID in lower-case canonical text');
}

export function needInstant(instant: number): void {
  const isTime = Number.isSafeInteger(instant) && instant >= 0 && instant <= instantMax;
  need(isTime, 'ENVELOPE_MALFORMED', 'the time of creation is in milliseconds from 1970 to the year 9999');
}

export function readContext(cursor: HeaderCursor): Context {
  const entries: [string, string][] = [];
  cursor.map(limits.entries, (key) => entries.push([key, cursor.text()]));
  // Without a prototype, a key such as __proto__ is a key like any other.
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}

/** Equal when they have the same entries (QV1-58). */
export function sameContext(a: Context, b: Context): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}
