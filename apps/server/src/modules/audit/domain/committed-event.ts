import { type AuditEvent, encodeEvent, type SealedField, TlogError, tenantHeadAction } from '@quantumvault/tlog';
import type { AuditEntry } from '../../../kernel/unit-of-work.ts';
import { isAuditAction } from './audit-actions.ts';
import { auditErrors } from './errors.ts';

/** Who acts as a process and not as a person; the id is opaque. */
export interface RecordedActor {
  readonly kind: 'user' | 'service-account' | 'device' | 'job' | 'system' | 'unknown';
  readonly id: string;
}

/** Everything that an event says besides what the use case says. */
export interface EventFacts {
  readonly id: string;
  readonly tenantId: string;
  readonly occurredAt: Date;
  readonly actor: RecordedActor;
  /** The credential under which the actor acted: its session, or its API key. */
  readonly session: string | null;
  readonly source: SealedField | null;
  readonly reasonText: SealedField | null;
  readonly requestId: string | null;
}

/** An event in the form that is permanent (AUD-2), with its bytes. */
export interface CommittedEvent {
  readonly event: AuditEvent;
  readonly bytes: Uint8Array;
}

/**
 * Writes what happened in its committed form, before the effect. Throws `AUDIT_ACTION_UNKNOWN`, `AUDIT_EVENT_TOO_LARGE`
 * or `AUDIT_EVENT_INVALID`: then the effect must not happen.
 */
export function commitEvent(entry: AuditEntry, facts: EventFacts): CommittedEvent {
  // The sequencer alone knows which leaf is a tenant's newest (LEAF-15).
  if (!isAuditAction(entry.action) || entry.action === tenantHeadAction) throw auditErrors.AUDIT_ACTION_UNKNOWN();
  return encodeCommitted({
    id: facts.id,
    tenant: facts.tenantId,
    time: microsecondsOf(facts.occurredAt),
    actor: facts.actor,
    session: facts.session,
    source: facts.source,
    action: entry.action,
    resource: entry.resource,
    outcome: entry.outcome ?? 'success',
    reason: entry.reason === undefined ? null : { code: entry.reason.code, text: facts.reasonText },
    requestId: facts.requestId,
    riskScore: entry.riskScore ?? 0,
    details: entry.details ?? {},
  });
}

/** Encodes an event, or says by an error of this module why it has no committed form. */
export function encodeCommitted(event: AuditEvent): CommittedEvent {
  try {
    return { event, bytes: encodeEvent(event) };
  } catch (cause) {
    if (cause instanceof TlogError && cause.code === 'TLOG_EVENT_TOO_LARGE')
      throw auditErrors.AUDIT_EVENT_TOO_LARGE({ cause });
    throw auditErrors.AUDIT_EVENT_INVALID({ cause });
  }
}

export const microsecondsOf = (instant: Date): bigint => BigInt(instant.getTime()) * 1000n;
export const instantOf = (microseconds: bigint): Date => new Date(Number(microseconds / 1000n));
