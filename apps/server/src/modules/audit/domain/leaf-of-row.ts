import { type AuditEvent, decodeEvent, decodeLeaf, encodeEvent, encodeLeaf, sameBytes } from '@quantumvault/tlog';

/** A leaf as the two tables hold it: the sequencer's row, and the event's row with its query columns. */
export interface LeafRow {
  readonly logIndex: bigint;
  readonly tenantId: string;
  readonly tenantSequence: bigint;
  readonly eventId: string;
  readonly previousLeaf: Uint8Array;
  readonly leafHash: Uint8Array;
  readonly chainValue: Uint8Array;
  /** null when the event's row is gone. */
  readonly event: StoredEvent | null;
}

export interface StoredEvent {
  readonly id: string;
  readonly tenantId: string;
  readonly occurredAtMicros: bigint;
  readonly action: string;
  readonly outcome: 'success' | 'refused' | 'failed';
  readonly actorKind: string;
  readonly actorId: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly requestId: string | null;
  readonly bytes: Uint8Array;
}

/**
 * The leaf that the tables state. It is built from all of their columns, so that an edit of any of them, even of one
 * that only serves queries, gives other bytes than those whose hash lies in the outside tiles. Bytes from which no leaf
 * can be built are given as they are; null when the event is gone.
 */
export function leafOfRow(row: LeafRow): Uint8Array | null {
  if (row.event === null) return null;
  const bytes = eventBytesOf(row.event);
  const isFirst = row.tenantSequence === 1n;
  try {
    const leaf = encodeLeaf({
      tenant: row.tenantId,
      tenantSequence: row.tenantSequence,
      event: bytes,
      ...(isFirst ? {} : { previousTenantLeaf: row.previousLeaf }),
    });
    const isLinked = sameBytes(decodeLeaf(leaf).previousTenantLeaf, row.previousLeaf);
    return isLinked && row.event.id === row.eventId ? leaf : bytes;
  } catch {
    return bytes;
  }
}

/** The event of a row when bytes and columns agree, else null. */
export function eventOfRow(stored: StoredEvent): AuditEvent | null {
  try {
    const event = decodeEvent(stored.bytes);
    return agrees(event, stored) ? event : null;
  } catch {
    return null;
  }
}

function eventBytesOf(stored: StoredEvent): Uint8Array {
  try {
    const event = decodeEvent(stored.bytes);
    return agrees(event, stored) ? stored.bytes : encodeEvent({ ...event, ...saidByColumns(stored) });
  } catch {
    return stored.bytes;
  }
}

function saidByColumns(stored: StoredEvent): Partial<AuditEvent> {
  return {
    id: stored.id,
    tenant: stored.tenantId,
    time: stored.occurredAtMicros,
    action: stored.action,
    outcome: stored.outcome,
    actor: { kind: stored.actorKind, id: stored.actorId },
    resource: { type: stored.resourceType, id: stored.resourceId },
    requestId: stored.requestId,
  };
}

function agrees(event: AuditEvent, stored: StoredEvent): boolean {
  return (
    event.id === stored.id &&
    event.tenant === stored.tenantId &&
    event.time === stored.occurredAtMicros &&
    event.action === stored.action &&
    event.outcome === stored.outcome &&
    event.actor.kind === stored.actorKind &&
    event.actor.id === stored.actorId &&
    event.resource.type === stored.resourceType &&
    event.resource.id === stored.resourceId &&
    event.requestId === stored.requestId
  );
}
