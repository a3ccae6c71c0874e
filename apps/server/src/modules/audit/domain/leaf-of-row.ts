import { type AuditEvent, decodeEvent, decodeLeaf, encodeLeaf, sameBytes } from '@quantumvault/tlog';

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
 * The leaf that the tables state; null when the event is gone. Where they contradict themselves (a link that is not the
 * first one's, a query column that does not say what the event says) there is no such leaf: the event's bytes are given
 * alone, which are no leaf and have no leaf's hash, so that an edit of any column is found and none is mended silently.
 */
export function leafOfRow(row: LeafRow): Uint8Array | null {
  if (row.event === null) return null;
  const { bytes } = row.event;
  if (row.event.id !== row.eventId || eventOfRow(row.event) === null) return bytes;
  const isFirst = row.tenantSequence === 1n;
  try {
    const leaf = encodeLeaf({
      tenant: row.tenantId,
      tenantSequence: row.tenantSequence,
      event: bytes,
      ...(isFirst ? {} : { previousTenantLeaf: row.previousLeaf }),
    });
    return sameBytes(decodeLeaf(leaf).previousTenantLeaf, row.previousLeaf) ? leaf : bytes;
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
