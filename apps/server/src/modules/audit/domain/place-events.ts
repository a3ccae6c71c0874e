import {
  chainNext,
  chainStart,
  decodeEvent,
  decodeLeaf,
  encodeLeaf,
  leafHash,
  type TlogError,
  tenantHeadAction,
} from '@quantumvault/tlog';

/** The newest leaf of a tenant, from which its next one follows. */
export interface TenantHead {
  readonly tenantId: string;
  readonly tenantSequence: bigint;
  readonly logIndex: bigint;
  readonly leafHash: Uint8Array;
  readonly chainValue: Uint8Array;
  /** The last sequence that a tenant.head leaf has stated. */
  readonly announcedSequence: bigint;
  /** Whether a leaf waits for a tenant.head that states it (LEAF-16). */
  readonly isUnannounced: boolean;
}

export interface PendingEvent {
  readonly id: string;
  readonly tenantId: string;
  readonly bytes: Uint8Array;
}

/** A row of `audit_leaf`: an event with its place in the log. */
export interface PlacedLeaf {
  readonly logIndex: bigint;
  readonly tenantId: string;
  readonly tenantSequence: bigint;
  readonly eventId: string;
  readonly previousLeaf: Uint8Array;
  readonly leafHash: Uint8Array;
  readonly chainValue: Uint8Array;
}

/** Gives events their places: log index, tenant sequence, link and chain value (AUD-4, AUD-5), one after another. */
export class Placement {
  readonly leaves: PlacedLeaf[] = [];
  readonly #heads: Map<string, TenantHead>;
  readonly #changed = new Set<string>();
  #next: bigint;

  constructor(start: { readonly logIndex: bigint; readonly heads: readonly TenantHead[] }) {
    this.#next = start.logIndex;
    this.#heads = new Map(start.heads.map((head) => [head.tenantId, head]));
  }

  get size(): bigint {
    return this.#next;
  }

  headOf(tenantId: string): TenantHead | undefined {
    return this.#heads.get(tenantId);
  }

  /** Heads that are no longer as they were given. */
  changedHeads(): TenantHead[] {
    return [...this.#changed].flatMap((tenantId) => this.#heads.get(tenantId) ?? []);
  }

  place({ id, tenantId, bytes }: PendingEvent, options: { readonly isHead: boolean }): void {
    const before = this.#heads.get(tenantId);
    const tenantSequence = (before?.tenantSequence ?? 0n) + 1n;
    const leaf = encodeLeaf({
      tenant: tenantId,
      tenantSequence,
      event: bytes,
      ...(before === undefined ? {} : { previousTenantLeaf: before.leafHash }),
    });
    const placed: PlacedLeaf = {
      logIndex: this.#next,
      tenantId,
      tenantSequence,
      eventId: id,
      previousLeaf: decodeLeaf(leaf).previousTenantLeaf,
      leafHash: leafHash(leaf),
      chainValue: chainNext(before?.chainValue ?? chainStart(tenantId), bytes),
    };
    this.leaves.push(placed);
    this.#heads.set(tenantId, {
      tenantId,
      tenantSequence,
      logIndex: placed.logIndex,
      leafHash: placed.leafHash,
      chainValue: placed.chainValue,
      announcedSequence: options.isHead ? tenantSequence - 1n : (before?.announcedSequence ?? 0n),
      isUnannounced: !options.isHead,
    });
    this.#changed.add(tenantId);
    this.#next += 1n;
  }
}

/** Why an event cannot be placed, or null. What the appender wrote always can; this is for rows that it did not write. */
export function reasonNotToPlace(event: PendingEvent): TlogError['code'] | 'OTHER_EVENT' | 'TENANT_HEAD' | null {
  try {
    const { id, tenant, action } = decodeEvent(event.bytes);
    if (id !== event.id || tenant !== event.tenantId) return 'OTHER_EVENT';
    return action === tenantHeadAction ? 'TENANT_HEAD' : null;
  } catch {
    return 'TLOG_EVENT_INVALID';
  }
}
