import type { AuditEventView } from '@quantumvault/api';
import { type AuditEvent, type DetailValue, encodeBase64 } from '@quantumvault/tlog';

export interface Difference {
  readonly field: string;
  readonly isShown: string;
  readonly isLogged: string;
}

/** The fields of an event that a listing shows otherwise than its entry in the log has them. Sealed texts are not compared. */
export function differencesOf(shown: AuditEventView, logged: AuditEvent, tenantSequence: number): Difference[] {
  const pairs: readonly (readonly [field: string, isShown: unknown, isLogged: unknown])[] = [
    ['id', shown.id, logged.id],
    ['time', shown.time, new Date(Number(logged.time / 1000n)).toISOString()],
    ['action', shown.action, logged.action],
    ['outcome', shown.outcome, logged.outcome],
    ['actor kind', shown.actor.kind, logged.actor.kind],
    ['actor', shown.actor.id, logged.actor.id],
    ['resource type', shown.resource.type, logged.resource.type],
    ['resource', shown.resource.id, logged.resource.id],
    ['request', shown.requestId, logged.requestId],
    ['reason code', shown.reason?.code ?? null, logged.reason?.code ?? null],
    // What the log does not have, nobody can show; what it has, somebody may no longer be able to open.
    ['source', shown.source !== null && logged.source === null ? 'shown' : null, null],
    ['reason text', shown.reason?.text && !logged.reason?.text ? 'shown' : null, null],
    ['risk score', shown.riskScore, logged.riskScore],
    ['number among the entries', shown.tenantSequence ?? tenantSequence, tenantSequence],
    ...detailPairs(shown.details, logged.details),
  ];
  return pairs
    .filter(([, isShown, isLogged]) => isShown !== isLogged)
    .map(([field, isShown, isLogged]) => ({ field, isShown: textOf(isShown), isLogged: textOf(isLogged) }));
}

function detailPairs(shown: AuditEventView['details'], logged: AuditEvent['details']) {
  const names = new Set([...Object.keys(shown), ...Object.keys(logged)]);
  return [...names].map((name) => [`detail ${name}`, own(shown, name), scalarOf(own(logged, name))] as const);
}

const own = <T>(values: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

function scalarOf(value: DetailValue | undefined): string | number | boolean | null | undefined {
  if (value instanceof Uint8Array) return encodeBase64(value);
  return typeof value === 'bigint' ? String(value) : value;
}

const textOf = (value: unknown): string => (value === undefined ? 'nothing' : String(value));
