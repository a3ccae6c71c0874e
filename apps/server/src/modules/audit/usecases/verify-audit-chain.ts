import { TlogError, type TrustedTiles } from '@quantumvault/tlog';
import type { Actor } from '../../../kernel/actor.ts';
import { AppError } from '../../../kernel/app-error.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { UnitOfWork } from '../../../kernel/unit-of-work.ts';
import { ChainCheck, type ChainFault } from '../domain/chain-check.ts';
import { auditErrors } from '../domain/errors.ts';
import type { TenantLogReader, WholeLogReader } from '../ports/log-reader.ts';
import type { PublishedHead, PublishedLog } from '../ports/published-log.ts';

export interface ChainVerification {
  readonly valid: boolean;
  readonly totalEvents: number;
  readonly message: string;
  readonly firstBadEvent: { readonly logIndex: number; readonly tenantSequence: number | null } | null;
  readonly checkpoint: string | null;
}

// Small enough that a batch does not hold up the requests that this process answers meanwhile.
const batch = 250;

/**
 * Verifies the organization's chain (AUD-5, AUD-6): every leaf from the first, its link, its chain value and its event,
 * each against the hash held outside the database; and that no leaf of the log is gone after the organization's last.
 */
export class VerifyAuditChain {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #reader: TenantLogReader;
  readonly #whole: Pick<WholeLogReader, 'firstMissing'>;
  readonly #published: PublishedLog;
  readonly #onResult: (valid: boolean) => void;
  // One walk per organization at a time: who asks meanwhile gets its result.
  readonly #running = new Map<TenantId, Promise<ChainVerification>>();

  constructor(options: {
    authorize: Authorize;
    uow: UnitOfWork;
    reader: TenantLogReader;
    whole: Pick<WholeLogReader, 'firstMissing'>;
    published: PublishedLog;
    onResult: (valid: boolean) => void;
  }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#reader = options.reader;
    this.#whole = options.whole;
    this.#published = options.published;
    this.#onResult = options.onResult;
  }

  async execute(actor: Actor): Promise<ChainVerification> {
    await this.#authorize(actor, 'audit.read', { type: 'organization', id: actor.tenantId });
    const { tenantId } = actor;
    const running = this.#running.get(tenantId);
    if (running !== undefined) return running;
    const walk = this.#verify(tenantId).finally(() => this.#running.delete(tenantId));
    this.#running.set(tenantId, walk);
    return walk;
  }

  async #verify(tenantId: TenantId): Promise<ChainVerification> {
    try {
      return await this.#verifyAgainst(tenantId, await this.#published.newest());
    } catch (error) {
      // Without the outside there is nothing to verify against, and unknown is never a pass.
      if (!(error instanceof AppError) || error.code !== 'AUDIT_OUTSIDE_UNREADABLE') throw error;
      this.#onResult(false);
      return { valid: false, totalEvents: 0, message: error.message, firstBadEvent: null, checkpoint: null };
    }
  }

  async #verifyAgainst(tenantId: TenantId, head: PublishedHead | null): Promise<ChainVerification> {
    const check = new ChainCheck(tenantId);
    const fault = (await this.#walk(tenantId, check, head)) ?? (await this.#missingAfter(check, head));
    this.#onResult(fault === null);
    const size = head?.checkpoint.size ?? 0n;
    return {
      valid: fault === null,
      totalEvents: Number(check.sequence),
      message: fault?.message ?? `Every leaf holds against the checkpoint of ${size} leaves.`,
      firstBadEvent:
        fault === null
          ? null
          : {
              logIndex: Number(fault.logIndex),
              tenantSequence: fault.tenantSequence === null ? null : Number(fault.tenantSequence),
            },
      checkpoint: head?.checkpoint.text ?? null,
    };
  }

  async #walk(tenantId: TenantId, check: ChainCheck, head: PublishedHead | null): Promise<ChainFault | null> {
    const tiles = (await head?.tiles()) ?? null;
    for (;;) {
      const after = check.sequence;
      const rows = await this.#uow.read(tenantId, (tx) => this.#reader.leavesAfterSequence(tx, after, batch));
      for (const row of rows) {
        const fault = check.add(row, await publishedHash(tiles, row.logIndex));
        if (fault === null) continue;
        // Where a leaf of the tenant is missing, the log has an index without a leaf before the next one.
        const gone = await this.#whole.firstMissing(check.lastLogIndex + 1n, row.logIndex);
        return gone === null || fault.tenantSequence === row.tenantSequence ? fault : { ...fault, logIndex: gone };
      }
      if (rows.length < batch) return null;
    }
  }

  /** A tail that was cut from the tables leaves indices of the published log that no row has. */
  async #missingAfter(check: ChainCheck, head: PublishedHead | null): Promise<ChainFault | null> {
    if (head === null) return null;
    const missing = await this.#whole.firstMissing(check.lastLogIndex + 1n, head.checkpoint.size);
    if (missing === null) return null;
    return {
      logIndex: missing,
      tenantSequence: null,
      message: `Leaf ${missing} of the installation's log is missing; it may be this organization's.`,
    };
  }
}

async function publishedHash(tiles: TrustedTiles | null, index: bigint): Promise<Uint8Array | null> {
  if (tiles === null || index >= tiles.size) return null;
  try {
    return await tiles.subtree(0, Number(index));
  } catch (cause) {
    if (cause instanceof TlogError) throw auditErrors.AUDIT_OUTSIDE_UNREADABLE({ cause });
    throw cause;
  }
}
