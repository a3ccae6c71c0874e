import { encodeBase64, formatProofFile, leafHash, proveInclusion, sameBytes, TlogError } from '@quantumvault/tlog';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { auditErrors } from '../domain/errors.ts';
import { leafOfRow } from '../domain/leaf-of-row.ts';
import type { TenantLogReader } from '../ports/log-reader.ts';
import type { PublishedLog } from '../ports/published-log.ts';

export interface AuditProofView {
  readonly eventId: string;
  readonly logIndex: number;
  /** base64 */
  readonly leaf: string;
  /** A C2SP tlog-proof file. */
  readonly proof: string;
}

const publishWaitMs = 2_000;

/** One event with its inclusion proof under a signed checkpoint: all that an outsider needs besides the public keys. */
export class ProveAuditEvent {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #reader: TenantLogReader;
  readonly #published: PublishedLog;

  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    reader: TenantLogReader;
    published: PublishedLog;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#reader = options.reader;
    this.#published = options.published;
  }

  async execute(actor: Actor, eventId: string): Promise<AuditProofView> {
    await this.#authorize(actor, 'audit.read', { type: 'audit-event', id: eventId });
    const { row, exists } = await this.#uow.read(actor.tenantId, async (tx) => ({
      row: await this.#reader.findLeaf(tx, eventId),
      exists: await this.#reader.eventExists(tx, eventId),
    }));
    if (row === null) {
      if (exists) throw auditErrors.AUDIT_NOT_PUBLISHED({ retryAfterSeconds: 1 });
      throw auditErrors.AUDIT_EVENT_NOT_FOUND();
    }
    const { logIndex } = row;
    const head = await this.#published.newestOver(logIndex + 1n, publishWaitMs);
    if (head === null || head.checkpoint.size <= logIndex)
      throw auditErrors.AUDIT_NOT_PUBLISHED({ retryAfterSeconds: 1 });
    const { size, text } = head.checkpoint;
    const leaf = leafOfRow(row);
    const tiles = await head.tiles();
    try {
      if (leaf === null || !sameBytes(leafHash(leaf), await tiles.subtree(0, Number(logIndex))))
        throw auditErrors.AUDIT_LEAF_DAMAGED();
      const proof = await proveInclusion(tiles, logIndex, size);
      return {
        eventId,
        logIndex: Number(logIndex),
        leaf: encodeBase64(leaf),
        proof: formatProofFile({ index: logIndex, leaf, proof, checkpoint: text }),
      };
    } catch (cause) {
      if (cause instanceof TlogError) throw auditErrors.AUDIT_OUTSIDE_UNREADABLE({ cause });
      throw cause;
    }
  }
}
